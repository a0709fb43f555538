// Every call the console makes, typed, a line each; features use these and never build paths themselves.
import { call, callForBytes, postForBytes, query, streamAddress, uploadFile } from "./client";
import type * as T from "./types";

type Filter = Record<string, string | number | boolean | null | undefined>;

export const getSetup = () => call<T.Setup>("GET", "/setup");
export const setUp = (body: T.SetupRequest) => call<T.Session>("POST", "/setup", { body });
export const getSession = () => call<T.Session>("GET", "/session");
export const signIn = (body: T.SignIn) => call<T.Session>("POST", "/session", { body });
export const signOut = () => call<void>("DELETE", "/session");
export const askForReset = (email: string) => call<unknown>("POST", "/password_resets", { body: { email } });

export const getProfile = () => call<T.Profile>("GET", "/profile");
export const updateProfile = (body: T.ProfileUpdate) => call<T.Profile>("PATCH", "/profile", { body });
export const changePassword = (body: T.OwnPasswordChange) => call<T.Session>("POST", "/profile/password", { body });
export const beginTwoFactor = (password: string) => call<T.TwoFactorSeed>("POST", "/profile/two_factor", { body: { password } });
export const confirmTwoFactor = (code: string) => call<T.TwoFactorConfirmed>("PUT", "/profile/two_factor", { body: { code } });
export const endTwoFactor = (body: T.OwnProof) => call<void>("DELETE", "/profile/two_factor", { body });
export const renewRecoveryCodes = (body: T.OwnProof) => call<T.RecoveryCodes>("POST", "/profile/recovery_codes", { body });
export const listSessions = () => call<T.OpenSessions>("GET", "/sessions");
export const endSession = (id: string) => call<void>("DELETE", `/sessions/${id}`);
export const endOtherSessions = () => call<void>("DELETE", "/sessions");

export const listStaff = (filter: Filter) => call<T.StaffPage>("GET", `/staff${query(filter)}`);
export const getMember = (id: string) => call<T.StaffMember>("GET", `/staff/${id}`);
export const updateMember = (id: string, body: T.StaffUpdate) => call<T.StaffMember>("PATCH", `/staff/${id}`, { body });
export const disableMember = (id: string) => call<void>("POST", `/staff/${id}/disable`, { body: {} });
export const enableMember = (id: string) => call<void>("POST", `/staff/${id}/enable`, { body: {} });
export const deleteMember = (id: string) => call<void>("DELETE", `/staff/${id}`);
export const endMemberSessions = (id: string) => call<void>("DELETE", `/staff/${id}/sessions`);
export const resetMemberTwoFactor = (id: string) => call<void>("DELETE", `/staff/${id}/two_factor`);
export const listMemberSites = (id: string, filter: Filter) => call<T.AssignedSitePage>("GET", `/staff/${id}/sites${query(filter)}`);
export const listMemberPanels = (id: string, filter: Filter) =>
  call<T.PanelsOfStaff>("GET", `/staff/${id}/panel_accounts${query(filter)}`);
export const handOverAdmin = (body: T.AdminHandOver) => call<T.Session>("POST", "/company/admin", { body });
export const listInvitations = (filter: Filter) => call<T.StaffInvitationPage>("GET", `/staff_invitations${query(filter)}`);
export const createInvitation = (body: T.StaffInvitationCreate) => call<T.StaffInvitation>("POST", "/staff_invitations", { body });
export const sendInvitationAgain = (id: string) => call<T.StaffInvitation>("POST", `/staff_invitations/${id}/send`, { body: {} });
export const cancelInvitation = (id: string) => call<void>("DELETE", `/staff_invitations/${id}`);
export const listRoles = () => call<T.RoleList>("GET", "/roles");
export const createRole = (body: T.RoleCreate) => call<T.Role>("POST", "/roles", { body });
export const updateRole = (id: string, body: T.RoleUpdate) => call<T.Role>("PATCH", `/roles/${id}`, { body });
export const deleteRole = (id: string) => call<void>("DELETE", `/roles/${id}`);

export const upgradeAddition = (id: string) => call<T.Addition>("POST", `/additions/${id}/upgrade`, { body: {} });
export const setMonitoring = (id: string, body: T.MonitoringSet) => call<T.Device>("PUT", `/devices/${id}/monitoring`, { body });
export const setSiteMonitoring = (id: string, body: T.SiteMonitoringSet) =>
  call<T.SiteMonitoring>("PUT", `/sites/${id}/monitoring`, { body });
export const getCompatibilityRules = () => call<T.CompatibilityRules>("GET", "/compatibility_rules");
export const saveCompatibilityRules = (body: T.CompatibilityRulesUpdate) =>
  call<T.CompatibilityRules>("PUT", "/compatibility_rules", { body });
export const deleteCompatibilityRules = () => call<T.CompatibilityRules>("DELETE", "/compatibility_rules");
export const previewCompatibilityRules = (body: T.CompatibilityRulesUpdate) =>
  call<T.CompatibilityPreview>("POST", "/compatibility_rules/preview", { body });

export const updateCompany = (body: T.CompanyUpdate) => call<T.Company>("PATCH", "/company", { body });
export const listOperations = (filter: Filter) => call<T.OperationPage>("GET", `/operation_log${query(filter)}`);

export const getMailSettings = () => call<T.MailServer>("GET", "/mail_settings");
export const putMailSettings = (body: T.MailSettingsUpdate) => call<T.MailSettings>("PUT", "/mail_settings", { body });
export const deleteMailSettings = () => call<void>("DELETE", "/mail_settings");
export const testMailSettings = (receiver: string) => call<T.Mail>("POST", "/mail_settings/test", { body: { receiver } });
export const listMails = (filter: Filter) => call<T.MailPage>("GET", `/mails${query(filter)}`);
export const getMail = (id: string) => call<T.MailPreview>("GET", `/mails/${id}`);
export const packAddress = (handover: string, language: string) => `/api/v1/handovers/${handover}/pack/pdf?language=${language}`;
export const mailFileAddress = (id: string, position: number) => `/api/v1/mails/${id}/attachments/${position}`;
export const listMailTemplates = () => call<T.TemplateList>("GET", "/mail_templates");
export const getMailTemplate = (template: T.MailTemplate, language: string) =>
  call<T.TemplatePreview>("GET", `/mail_templates/${template}/${language}`);
export const getCompanyLogo = () => call<T.FoundLogo>("GET", "/company/logo");
export const putCompanyLogo = (bytes: Blob) => call<T.CompanyLogo>("PUT", "/company/logo", { bytes });
export const deleteCompanyLogo = () => call<void>("DELETE", "/company/logo");
export const sendMailAgain = (id: string) => call<T.Mail>("POST", `/mails/${id}/send`, { body: {} });

export const listWebhooks = () => call<T.WebhookList>("GET", "/webhooks");
export const createWebhook = (body: T.WebhookCreate) => call<T.WebhookWithSecret>("POST", "/webhooks", { body });
export const updateWebhook = (id: string, body: T.WebhookUpdate) => call<T.Webhook>("PATCH", `/webhooks/${id}`, { body });
export const deleteWebhook = (id: string) => call<null>("DELETE", `/webhooks/${id}`);
export const renewWebhookSecret = (id: string) => call<T.WebhookWithSecret>("POST", `/webhooks/${id}/secret`, { body: {} });
export const testWebhook = (id: string) => call<T.WebhookTest>("POST", `/webhooks/${id}/test`, { body: {} });
export const replayWebhook = (id: string, body: T.WebhookReplay) => call<T.WebhookReplayed>("POST", `/webhooks/${id}/replay`, { body });
export const listDeliveries = (id: string, filter: Filter) => call<T.DeliveryPage>("GET", `/webhooks/${id}/deliveries${query(filter)}`);
export const sendDelivery = (id: string, delivery: number) =>
  call<T.WebhookDelivery>("POST", `/webhooks/${id}/deliveries/${delivery}/send`, { body: {} });

export const listSites = (filter: Filter) => call<T.SitePage>("GET", `/sites${query(filter)}`);
export const getSite = (id: string) => call<T.Site>("GET", `/sites/${id}`);
export const createSite = (body: T.SiteCreate) => call<T.Site>("POST", "/sites", { body });
export const updateSite = (id: string, body: T.SiteUpdate) => call<T.Site>("PATCH", `/sites/${id}`, { body });
export const deleteSite = (id: string) => call<void>("DELETE", `/sites/${id}`);

export const scanText = (site: string, text: string) =>
  call<T.Scan>("POST", `/sites/${site}/scans`, { body: { text } });
export const scanPicture = (site: string, bytes: Blob) => call<T.Scan>("POST", `/sites/${site}/scans`, { bytes });
export const getImport = (id: string) => call<T.Import>("GET", `/imports/${id}`);
export const giveImportPassword = (id: string, password: string) =>
  call<T.Import>("POST", `/imports/${id}/password`, { body: { password } });
export const confirmImport = (id: string, rows: number[]) =>
  call<T.Import>("POST", `/imports/${id}/confirm`, { body: { rows } });

export const listDevices = (filter: Filter) => call<T.DevicePage>("GET", `/devices${query(filter)}`);
/** Devices of exactly this model and firmware, either of which may be empty. */
export const listGroup = ({ model, firmware, ...filter }: Filter) => {
  const exactly = new URLSearchParams({ model: String(model ?? ""), firmware: String(firmware ?? "") });
  return call<T.DevicePage>("GET", `/devices?${exactly}&${query(filter).slice(1)}`);
};
export const getFleet = (filter: Filter) => call<T.Fleet>("GET", `/fleet${query(filter)}`);
export const listFirmwareFiles = () => call<T.FirmwareCatalogue>("GET", "/firmware_files");
export const uploadFirmwareFile = (file: File, onSent: (part: number) => void, signal: AbortSignal) =>
  uploadFile<T.FirmwareFile>(`/firmware_files${query({ file_name: file.name })}`, file, onSent, signal);
export const updateFirmwareFile = (id: string, body: T.FirmwareFileUpdate) => call<T.FirmwareFile>("PUT", `/firmware_files/${id}`, { body });
export const deleteFirmwareFile = (id: string) => call<void>("DELETE", `/firmware_files/${id}`);
export const planUpgrade = (body: T.UpgradePlanCreate) => call<T.UpgradePlan>("POST", "/upgrades/plan", { body });
export const createUpgrade = (body: T.UpgradeCreate) => call<T.Upgrade>("POST", "/upgrades", { body });
export const listUpgrades = (filter: Filter) => call<T.UpgradePage>("GET", `/upgrades${query(filter)}`);
export const getUpgrade = (id: string) => call<T.Upgrade>("GET", `/upgrades/${id}`);
export const listUpgradeDevices = ({ upgrade, ...filter }: Filter) => call<T.UpgradeDevicePage>("GET", `/upgrades/${upgrade}/devices${query(filter)}`);
export const listDeviceUpgrades = (id: string) => call<T.UpgradesOfDevice>("GET", `/devices/${id}/upgrades`);
export const cancelUpgrade = (id: string) => call<T.Upgrade>("POST", `/upgrades/${id}/cancel`, { body: {} });
export const retryUpgrade = (id: string) => call<T.Upgrade>("POST", `/upgrades/${id}/retry`, { body: {} });
export const goOnWithUpgrade = (id: string) => call<T.Upgrade>("POST", `/upgrades/${id}/go_on`, { body: {} });
export const getSavedConfiguration = (upgrade: string, device: string) =>
  postForBytes(`/upgrades/${upgrade}/devices/${device}/configuration`);

export const getDevice = (id: string) => call<T.Device>("GET", `/devices/${id}`);
export const createDevice = (site: string, body: T.DeviceCreate) =>
  call<T.Device>("POST", `/sites/${site}/devices`, { body });
export const updateDevice = (id: string, body: T.DeviceUpdate) => call<T.Device>("PATCH", `/devices/${id}`, { body });
export const deleteDevice = (id: string) => call<void>("DELETE", `/devices/${id}`);
export const checkDevice = (id: string) => call<unknown>("POST", `/devices/${id}/check`, { body: {} });
export const acceptCertificate = (id: string, fingerprint: string) =>
  call<T.Device>("POST", `/devices/${id}/certificate`, { body: { fingerprint } });
export const getHistory = (id: string, hours: number) =>
  call<T.History>("GET", `/devices/${id}/history${query({ hours })}`);
export const listDiskTemperatures = (id: string) => call<T.DiskTemperatureList>("GET", `/devices/${id}/disk_temperatures`);
export const getSiteReport = (site: string, choice: Filter) => call<T.SiteReport>("GET", `/sites/${site}/report${query(choice)}`);
export const listExceptions = (filter: Filter) => call<T.ExceptionPage>("GET", `/exceptions${query(filter)}`);
export const listDeviceEvents = (filter: Filter) => call<T.DeviceEventPage>("GET", `/device_events${query(filter)}`);
export const getEventSource = (id: string) => call<T.EventSource>("GET", `/devices/${id}/event_source`);
export const createEventListener = (id: string) => call<T.EventListenerSettings>("POST", `/devices/${id}/event_listener`, { body: {} });
export const deleteEventListener = (id: string) => call<void>("DELETE", `/devices/${id}/event_listener`);
export const listIncidents = (filter: Filter) => call<T.IncidentPage>("GET", `/incidents${query(filter)}`);
export const getIncident = (id: string) => call<T.IncidentWhole>("GET", `/incidents/${id}`);
export const listNotifications = (filter: Filter) => call<T.NotificationPage>("GET", `/notifications${query(filter)}`);
export const readNotifications = (last: string) => call<void>("POST", "/notifications/read", { body: { last } });
export const listExceptionRules = (site: string) => call<T.ExceptionRuleList>("GET", `/sites/${site}/exception_rules`);
export const createExceptionRule = (site: string, body: T.ExceptionRuleWrite) => call<T.ExceptionRule>("POST", `/sites/${site}/exception_rules`, { body });
export const putExceptionRule = (site: string, id: string, body: T.ExceptionRuleWrite) =>
  call<T.ExceptionRule>("PUT", `/sites/${site}/exception_rules/${id}`, { body });
export const deleteExceptionRule = (site: string, id: string) => call<void>("DELETE", `/sites/${site}/exception_rules/${id}`);
export const listMaintenanceWindows = (site: string) => call<T.MaintenanceWindowList>("GET", `/sites/${site}/maintenance_windows`);
export const createMaintenanceWindow = (site: string, body: T.MaintenanceWindowCreate) =>
  call<T.MaintenanceWindow>("POST", `/sites/${site}/maintenance_windows`, { body });
export const endMaintenanceWindow = (site: string, id: string) => call<void>("DELETE", `/sites/${site}/maintenance_windows/${id}`);
export const getNetwork = () => call<T.Network>("GET", "/network");
export const createRouter = (site: string, body: T.RouterCreate) => call<T.Device>("POST", `/sites/${site}/routers`, { body });
export const getParent = (id: string) => call<T.DeviceParent>("GET", `/devices/${id}/parent`);
export const setParent = (id: string, body: T.DeviceParentSet) => call<T.DeviceParent>("PUT", `/devices/${id}/parent`, { body });

export const listLinkageRules = (site: string) => call<T.LinkageRuleList>("GET", `/sites/${site}/linkage_rules`);
export const listLinkageTemplates = (site: string) => call<T.LinkageTemplateList>("GET", `/sites/${site}/linkage_templates`);
export const createLinkageRule = (site: string, body: T.LinkageRuleCreate) => call<T.LinkageRule>("POST", `/sites/${site}/linkage_rules`, { body });
export const updateLinkageRule = (id: string, body: T.LinkageRuleUpdate) => call<T.LinkageRule>("PATCH", `/linkage_rules/${id}`, { body });
export const deleteLinkageRule = (id: string) => call<void>("DELETE", `/linkage_rules/${id}`);
export const dryRunLinkageRule = (site: string, body: T.LinkageDryRun) =>
  call<T.LinkageDryRunResult>("POST", `/sites/${site}/linkage_rules/dry_run`, { body });
export const listLinkageFirings = (filter: Filter) => call<T.LinkageFiringPage>("GET", `/linkage_firings${query(filter)}`);
export const getLinkagePicture = (firing: string, position: number) => callForBytes(`/linkage_firings/${firing}/pictures/${position}`);

export const listLinks = (site: string) => call<T.LinkList>("GET", `/sites/${site}/links`);
export const createLink = (site: string, name: string) => call<T.LinkCreated>("POST", `/sites/${site}/links`, { body: { name } });
export const renewLinkCode = (id: string) => call<T.LinkCreated>("POST", `/links/${id}/code`, { body: {} });
export const renameLink = (id: string, name: string) => call<T.Link>("PATCH", `/links/${id}`, { body: { name } });
export const revokeLink = (id: string) => call<void>("DELETE", `/links/${id}`);
export const discover = (link: string) => call<T.FoundList>("POST", `/links/${link}/discover`, { body: {} });

export const listFound = (site: string) => call<T.FoundList>("GET", `/sites/${site}/found`);
export const createAddition = (site: string, body: T.AdditionCreate) => call<T.Addition>("POST", `/sites/${site}/additions`, { body });
export const createAdditions = (site: string, body: T.AdditionBatch) =>
  call<T.AdditionList>("POST", `/sites/${site}/additions/batch`, { body });
export const listAdditions = (site: string) => call<T.AdditionList>("GET", `/sites/${site}/additions`);
export const getAddition = (id: string) => call<T.Addition>("GET", `/additions/${id}`);
export const deleteAddition = (id: string) => call<void>("DELETE", `/additions/${id}`);
export const checkAddition = (id: string) => call<T.Addition>("POST", `/additions/${id}/check`, { body: {} });
export const activateDevice = (id: string, password: string) =>
  call<T.Addition>("POST", `/additions/${id}/activation`, { body: { password } });
export const enableService = (id: string, verification_code: string) =>
  call<T.Addition>("POST", `/additions/${id}/service`, { body: { verification_code } });
export const giveLogin = (id: string, body: { user_name: string; password: string }) =>
  call<T.Addition>("POST", `/additions/${id}/login`, { body });
export const giveVerificationCode = (id: string, verification_code: string) =>
  call<T.Addition>("POST", `/additions/${id}/verification_code`, { body: { verification_code } });

export const createCaptcha = () => call<T.Captcha>("POST", "/captchas", { body: {} });
export const unbindDevice = (site: string, body: T.UnbindRequest) => call<T.Unbound>("POST", `/sites/${site}/unbind`, { body });

export const moveDevice = (id: string, site_id: string) => call<T.Device>("POST", `/devices/${id}/move`, { body: { site_id } });
export const rebootDevice = (id: string) => call<unknown>("POST", `/devices/${id}/reboot`, { body: {} });
export const setDeviceTime = (id: string) =>
  call<T.DeviceTime>("POST", `/devices/${id}/time`, { body: {} });
export const setSiteTime = (site: string) => call<T.SiteTime>("POST", `/sites/${site}/time`, { body: {} });
export const getSnapshot = (id: string, channel: number) => callForBytes(`/devices/${id}/snapshot${query({ channel })}`);
export const changeDevicePassword = (id: string, password?: string) =>
  call<T.Device>("POST", `/devices/${id}/password`, { body: { password } });
export const changePasswords = (site: string, device_ids: string[]) =>
  call<T.PasswordChangeList>("POST", `/sites/${site}/password_changes`, { body: { device_ids } });
export const listPasswordChanges = (site: string) => call<T.PasswordChangeList>("GET", `/sites/${site}/password_changes`);
export const createDeviceQr = (body: T.DeviceQrRequest) => call<T.DeviceQr>("POST", "/device_qr", { body });
export const openRemoteSession = (id: string) => call<T.RemoteSession>("POST", `/devices/${id}/remote_sessions`, { body: {} });
export const getAppHint = (site: string) => call<T.SiteAppHint>("GET", `/sites/${site}/app_hint`);

export const getPanel = (id: string) => call<T.Panel>("GET", `/devices/${id}/panel`);
export const armPanel = (id: string, area: number | null, mode: "away" | "stay") =>
  call<T.Panel>("POST", `/devices/${id}/panel/arm`, { body: { area, mode } });
export const disarmPanel = (id: string, area: number | null) => call<T.Panel>("POST", `/devices/${id}/panel/disarm`, { body: { area } });
export const clearPanelAlarm = (id: string, area: number | null) =>
  call<T.Panel>("POST", `/devices/${id}/panel/clear_alarm`, { body: { area } });
export const bypassZone = (id: string, zone: number) => call<T.Panel>("POST", `/devices/${id}/panel/zones/${zone}/bypass`, { body: {} });
export const recoverZone = (id: string, zone: number) => call<T.Panel>("DELETE", `/devices/${id}/panel/zones/${zone}/bypass`);
export const listPanelAccounts = (id: string) => call<T.PanelAccountList>("GET", `/devices/${id}/panel_accounts`);
export const checkPanelAccounts = (id: string) => call<unknown>("POST", `/devices/${id}/panel_accounts/check`, { body: {} });
export const deletePanelAccount = (device: string, account: string) =>
  call<unknown>("DELETE", `/devices/${device}/panel_accounts/${account}`);
export const listPanelExits = (filter: Filter) => call<T.PanelExitPage>("GET", `/panel_exits${query(filter)}`);
export const getPanelExit = (id: string) => call<T.PanelExitProof>("GET", `/panel_exits/${id}`);
export const giveUpPanelExit = (id: string) => call<void>("POST", `/panel_exits/${id}/give_up`, { body: {} });

export const listHandovers = (site: string, filter: Filter) => call<T.HandoverPage>("GET", `/sites/${site}/handovers${query(filter)}`);
export const createHandover = (site: string, body: T.HandoverCreate) => call<T.Handover>("POST", `/sites/${site}/handovers`, { body });
export const updateHandover = (id: string, body: T.HandoverUpdate) => call<T.Handover>("PATCH", `/handovers/${id}`, { body });
export const sendHandoverAgain = (id: string) => call<T.Handover>("POST", `/handovers/${id}/send`, { body: {} });
export const listGrants = (site: string, filter: Filter) => call<T.GrantPage>("GET", `/sites/${site}/grants${query(filter)}`);
export const giveBackGrant = (id: string) => call<void>("DELETE", `/grants/${id}`);
export const getDevicePermissions = (id: string) => call<T.DevicePermissions>("GET", `/devices/${id}/permissions`);
export const listGrantRequests = (site: string, filter: Filter) => call<T.GrantRequestPage>("GET", `/sites/${site}/grant_requests${query(filter)}`);
export const createGrantRequest = (site: string, body: T.GrantRequestCreate) => call<T.GrantRequest>("POST", `/sites/${site}/grant_requests`, { body });
export const withdrawGrantRequest = (id: string) => call<void>("DELETE", `/grant_requests/${id}`);
export const listMyGrants = (site: string, filter: Filter) => call<T.GrantPage>("GET", `/my/sites/${site}/grants${query(filter)}`);
export const revokeGrant = (id: string) => call<void>("DELETE", `/my/grants/${id}`);
export const listMyWaitingRequests = () => call<T.GrantRequestPage>("GET", "/my/grant_requests");
export const approveGrantRequest = (id: string, body: T.GrantRequestApprove) => call<T.GrantRequest>("POST", `/my/grant_requests/${id}/approve`, { body });
export const refuseGrantRequest = (id: string) => call<T.GrantRequest>("POST", `/my/grant_requests/${id}/refuse`, { body: {} });
export const cancelHandover = (id: string) => call<void>("DELETE", `/handovers/${id}`);
export const listSiteManagers = (site: string) => call<T.SiteManagerList>("GET", `/sites/${site}/managers`);
export const putSiteManagers = (body: T.SiteManagersUpdate) => call<T.SiteManagersSet>("PUT", "/site_managers", { body });

export const getCustody = (site: string) => call<T.Custody>("GET", `/sites/${site}/custody`);
export const askForRental = (site: string, remark: string) => call<T.Custody>("POST", `/sites/${site}/rental`, { body: { remark } });
export const endRental = (site: string) => call<T.Custody>("DELETE", `/sites/${site}/rental`);
export const setSuspension = (site: string, on: boolean) => call<T.Custody>("PUT", `/sites/${site}/suspension`, { body: { on } });
export const listShares = (site: string) => call<T.ShareList>("GET", `/sites/${site}/shares`);
export const removeShare = (site: string, id: string) => call<void>("DELETE", `/sites/${site}/shares/${id}`);
export const listServiceRequests = () => call<T.ServiceRequestList>("GET", "/service_requests");
export const askToServe = (body: T.ServiceRequestCreate) => call<T.GrantRequest>("POST", "/service_requests", { body });
export const getServiceInvitation = (token: string) => call<T.ServiceInvitation>("GET", `/service_invitations/${encodeURIComponent(token)}`);
export const acceptServiceInvitation = (token: string) =>
  call<T.ServedSite>("POST", `/service_invitations/${encodeURIComponent(token)}/accept`, { body: {} });
export const refuseServiceInvitation = (token: string) =>
  call<void>("POST", `/service_invitations/${encodeURIComponent(token)}/refuse`, { body: {} });

export const getMyCustody = (site: string) => call<T.MyCustody>("GET", `/my/sites/${site}/custody`);
export const endMyRental = (site: string) => call<T.MyCustody>("DELETE", `/my/sites/${site}/rental`);
export const takeSiteAway = (site: string) => call<T.MyCustody>("DELETE", `/my/sites/${site}/company`);
export const listCompanyInvitations = (site: string) => call<T.CompanyInvitationList>("GET", `/my/sites/${site}/company_invitations`);
export const createCompanyInvitation = (site: string, body: T.CompanyInvitationCreate) =>
  call<T.CompanyInvitation>("POST", `/my/sites/${site}/company_invitations`, { body });
export const cancelCompanyInvitation = (id: string) => call<void>("DELETE", `/my/company_invitations/${id}`);
export const listMyShares = (filter: Filter) => call<T.ReceivedSharePage>("GET", `/my/shares${query(filter)}`);
export const renameMyShare = (id: string, name: string) => call<void>("PATCH", `/my/shares/${id}`, { body: { name } });
export const leaveMyShare = (id: string) => call<void>("DELETE", `/my/shares/${id}`);
export const createShareOffer = (body: T.ShareOfferCreate) => call<T.ShareOffer>("POST", "/my/share_offers", { body });
export const listShareOffers = (filter: Filter) => call<T.ShareOfferPage>("GET", `/my/share_offers${query(filter)}`);
export const withdrawShareOffer = (id: string) => call<void>("DELETE", `/my/share_offers/${id}`);
export const listReceivedOffers = () => call<T.ReceivedOfferList>("GET", "/my/received_offers");
export const acceptReceivedOffer = (id: string) => call<unknown>("POST", `/my/received_offers/${id}/accept`, { body: {} });
export const refuseReceivedOffer = (id: string) => call<unknown>("POST", `/my/received_offers/${id}/refuse`, { body: {} });
export const listGivenShares = (filter: Filter) => call<T.GivenSharePage>("GET", `/my/given_shares${query(filter)}`);
/** `device`: these are its channels, and those of others stay as they are. */
export const updateGivenShare = (id: string, channels: T.ChannelToShare[], device?: string) =>
  call<unknown>("PATCH", `/my/given_shares/${id}`, { body: { channels, device_id: device } });
/** `device`: only that one is taken out of it. */
export const removeGivenShare = (id: string, device?: string) => call<void>("DELETE", `/my/given_shares/${id}${query({ device_id: device })}`);
export const removeGivenSharesOf = (receiver: string) => call<void>("DELETE", `/my/given_shares${query({ receiver_id: receiver })}`);
export const createShareCode = (body: T.ShareCodeCreate) => call<T.ShareCodeMade>("POST", "/my/share_codes", { body });
export const listShareCodes = (filter: Filter) => call<T.ShareCodePage>("GET", `/my/share_codes${query(filter)}`);
export const renewShareCode = (id: string) => call<T.ShareCodeMade>("POST", `/my/share_codes/${id}/renew`, { body: {} });
export const revokeShareCode = (id: string) => call<void>("DELETE", `/my/share_codes/${id}`);
export const lookAtShareCode = (token: string, password?: string) =>
  call<T.ShareCodeLook>("POST", "/my/share_codes/look", { body: { token, password } });
export const applyForShare = (token: string, password?: string) =>
  call<T.OwnApplication>("POST", "/my/share_applications", { body: { token, password } });
export const listShareApplications = () => call<T.ShareApplicationPage>("GET", "/my/share_applications");
export const acceptShareApplication = (id: string, channels: T.ChannelToShare[]) =>
  call<unknown>("POST", `/my/share_applications/${id}/accept`, { body: { channels } });
export const refuseShareApplication = (id: string) => call<unknown>("POST", `/my/share_applications/${id}/refuse`, { body: {} });
export const listOwnApplications = () => call<T.OwnApplicationPage>("GET", "/my/own_applications");
export const withdrawOwnApplication = (id: string) => call<void>("DELETE", `/my/own_applications/${id}`);
export const createAccountCode = () => call<T.AccountCode>("POST", "/my/account_codes", { body: {} });
export const readAccountCode = (token: string) => call<T.AccountCodeRead>("POST", "/my/account_codes/read", { body: { token } });

export const listMyChannels = (device: string) => call<T.MyChannels>("GET", `/my/devices/${device}/channels`);
/** Where pictures of a channel come one after another. */
export const watchAddress = (device: string, channel: number) => `/my/devices/${device}/channels/${String(channel)}/stream`;
export const moveMyCamera = (device: string, channel: number, body: T.CameraMove) =>
  call<void>("POST", `/my/devices/${device}/channels/${String(channel)}/ptz`, { body });
export const listMyPresets = (device: string, channel: number) => call<T.CameraPresets>("GET", `/my/devices/${device}/channels/${String(channel)}/presets`);
export const goToMyPreset = (device: string, channel: number, preset: number) =>
  call<void>("POST", `/my/devices/${device}/channels/${String(channel)}/presets`, { body: { preset } });
export const listMyRecordings = ({ device, ...filter }: Filter) => call<T.RecordingPage>("GET", `/my/devices/${String(device)}/recordings${query(filter)}`);
/** Where a recording is saved from. */
export const recordingAddress = (device: string, channel: number, from: string) =>
  streamAddress(`/my/devices/${device}/recordings/download${query({ channel, from })}`);
export const listMyEvents = (filter: Filter) => call<T.MyEventPage>("GET", `/my/events${query(filter)}`);
export const setMyAlarmMails = (device: string, wanted: boolean) => call<void>("PUT", `/my/devices/${device}/alarm_mails`, { body: { wanted } });
export const getMySession = () => call<T.MySession>("GET", "/my/session");
export const signOutOfMine = () => call<void>("DELETE", "/my/session");
export const signInToMine = (body: T.MySignIn) => call<T.MySession>("POST", "/my/session", { body });
export const register = (body: T.RegistrationCreate) => call<unknown>("POST", "/my/registrations", { body });
export const askForMyReset = (email: string) => call<unknown>("POST", "/my/password_resets", { body: { email } });
export const getMyProfile = () => call<T.MyProfile>("GET", "/my/profile");
export const updateMyProfile = (body: T.MyProfileUpdate) => call<T.MyProfile>("PATCH", "/my/profile", { body });
export const exportMyProfile = () => call<T.MyExport>("GET", "/my/profile/export");
export const deleteMyProfile = (body: T.MyProfileDelete) => call<void>("DELETE", "/my/profile", { body });
export const createPhoneCode = (phone: string) => call<void>("POST", "/my/phone_codes", { body: { phone } });
export const confirmPhoneCode = (code: string) => call<T.MyProfile>("POST", "/my/phone_codes/confirm", { body: { code } });
export const changeMyEmail = (body: T.MyEmailChange) => call<void>("POST", "/my/profile/email", { body });
export const changeMyPassword = (body: T.OwnPasswordChange) => call<T.MySession>("POST", "/my/profile/password", { body });
export const beginMyTwoFactor = (password: string) => call<T.TwoFactorSeed>("POST", "/my/profile/two_factor", { body: { password } });
export const confirmMyTwoFactor = (code: string) => call<T.MyTwoFactorConfirmed>("PUT", "/my/profile/two_factor", { body: { code } });
export const endMyTwoFactor = (body: T.OwnProof) => call<void>("DELETE", "/my/profile/two_factor", { body });
export const renewMyRecoveryCodes = (body: T.OwnProof) => call<T.RecoveryCodes>("POST", "/my/profile/recovery_codes", { body });
export const listMySessions = () => call<T.OpenSessions>("GET", "/my/sessions");
export const endMySession = (id: string) => call<void>("DELETE", `/my/sessions/${id}`);
export const endMyOtherSessions = () => call<void>("DELETE", "/my/sessions");
export const listMyHandovers = () => call<T.MyHandoverList>("GET", "/my/handovers");
export const acceptMyHandover = (id: string, body: T.MyHandoverAccept) => call<T.MyHandoverAccepted>("POST", `/my/handovers/${id}/accept`, { body });
export const refuseMyHandover = (id: string) => call<void>("POST", `/my/handovers/${id}/refuse`, { body: {} });
export const listMySites = (filter: Filter) => call<T.MySitePage>("GET", `/my/sites${query(filter)}`);
export const getMySite = (id: string) => call<T.MySite>("GET", `/my/sites/${id}`);
export const getMyPack = (site: string) => callForBytes(`/my/sites/${site}/pack`);
export const getMySiteAccess = (id: string) => call<T.MySiteAccess>("GET", `/my/sites/${id}/access`);
export const listMyDevices = ({ site, ...filter }: Filter) => call<T.MyDevicePage>("GET", `/my/sites/${site}/devices${query(filter)}`);
export const getMyDevice = (id: string) => call<T.MyDevice>("GET", `/my/devices/${id}`);
export const listMyAccessLog = ({ site, ...filter }: Filter) => call<T.AccessLogPage>("GET", `/my/sites/${site}/access_log${query(filter)}`);
