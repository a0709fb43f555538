// Generated from openapi.json by `npm run generate`; do not edit.

/** How the platform reaches a device. */
export type Access = "direct" | "link";

/** An entry of the access log. */
export type AccessEntry = {
  /** What: a stable word, or the call that it was. */
  action: string;
  /** `staff`, `end_user` or `platform`. */
  actor_kind: string;
  /** Who, by the name they had; may be empty. */
  actor_name: string;
  /** When. */
  at: string;
  /** The company it was done for or concerns; may be empty. */
  company_name: string;
  /** What more there is to tell, by action. */
  detail: Record<string, unknown>;
  /** The device, where it is about one. */
  device_id: string | null;
  /** Its name at the time; may be empty. */
  device_name: string;
  /** Its hash, which the next entry carries on. */
  hash: string;
  /** Its number, from 1 without a gap. */
  n: number;
};

/** Lines of JSON: a head, then the entries, oldest first. */
export type AccessLogFile = string;

/** A page of the access log. */
export type AccessLogPage = {
  /** The entries, newest first. */
  items: AccessEntry[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A code that shows who one is. Its link and pictures are given now and never again. */
export type AccountCode = {
  /** Until when it is good. */
  expires_at: string;
  /** The code with whose it is and until when printed beneath. */
  pictures: CodePictures;
  /** The link that its pictures hold. */
  url: string;
};

/** Whose it is. */
export type AccountCodeRead = {
  /** Their name. */
  name: string;
};

/** What was scanned. */
export type AccountCodeScanned = {
  /** What stands behind the `#` of the link. */
  token: string;
};

export type AccountMethod = "cloud_user_manage" | "configuration_users";

/** Which password an account on a panel has. */
export type AccountPassword = "own" | "random" | "none";

/** Whose an account is. */
export type AccountPerson = {
  /** Their id. */
  id: string;
  /** Staff or end user. */
  kind: PersonKind;
  /** Their name. */
  name: string;
};

export type AddState = "unknown" | "offline" | "not_activated" | "service_disabled" | "waiting_for_registration" | "login_needed" | "login_refused" | "wrong_verification_code" | "firmware_too_old" | "on_this_site" | "on_other_site" | "someone_elses" | "ready" | "added" | "failed";

/** A cloud device on its way to a site. */
export type Addition = {
  /** The device it became, or is already. */
  device_id: string | null;
  /** When it ends unless somebody goes on. */
  expires_at: string;
  /** Whether its login is known. */
  has_login: boolean;
  /** Whether its verification code is known. */
  has_verification_code: boolean;
  help: AdditionHelp | null;
  /** Its address in the LAN. */
  host: string | null;
  /** Its id. */
  id: string;
  /** What it is, as far as its model tells. */
  kind: DeviceKind;
  link: AdditionLink | null;
  /** Its model, once a link has found it. */
  model: string | null;
  /** The name it is to have; the device's own where it is empty. */
  name: string;
  /** What a person does next. */
  next: NextStep;
  /** Whether a link sees it now; null where none ever did. */
  online: boolean | null;
  other_site: AdditionSite | null;
  reason: AdditionReason | null;
  /** The short serial number. */
  serial: string;
  /** The site it is to be on. */
  site_id: string;
  /** Where adding it stands. */
  state: AddState;
  unbind: UnbindHint | null;
};

/** The admin password that a new device gets. */
export type AdditionActivation = {
  /** 8 to 16 characters, two of: small letters, capitals, digits, others; without `admin` or its reverse. */
  password: string;
};

/** Devices to add together: activated where they are new, logged in to where they are not. */
export type AdditionBatch = {
  /** The devices. */
  items: AdditionBatchItem[];
  /** One password for all that have none of their own. */
  password?: string | null;
  /** The user name on the devices; `admin` unless told. */
  user_name?: string | null;
};

/** One of many devices to add. */
export type AdditionBatchItem = {
  /** The name to give it; the device's own where it is empty. */
  name?: string;
  /** Its own password. */
  password?: string | null;
  /** Its serial number. */
  serial: string;
  /** Its verification code. Where its service is off and none is given, one is made. */
  verification_code?: string | null;
};

/** A device to add: the text of its label, or its serial number typed. */
export type AdditionCreate = {
  /** The name to give it; the device's own where it is empty. */
  name?: string;
  /** Its password, where it is known already. */
  password?: string | null;
  /** The serial number, short or long. */
  serial?: string | null;
  /** The text of the label's QR. */
  text?: string | null;
  /** The user name on the device; `admin` unless told. */
  user_name?: string | null;
  /** The verification code, 6 to 12 letters and digits. */
  verification_code?: string | null;
};

/** What to look at while a device is not online. */
export type AdditionHelp = {
  /** What to look at, in this order. */
  checks: HelpCheck[];
  /** For what kind of device. */
  kind: DeviceKind;
  /** Where a link saw it last. */
  last_host: string | null;
  /** When a link saw it last. */
  last_seen_at: string | null;
  /** Links of the site that are connected now. */
  links_online: number;
};

/** The link that sees a device. */
export type AdditionLink = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
};

/** The additions of a site that go on. */
export type AdditionList = {
  /** The additions, newest first. */
  items: Addition[];
};

/** The login on the device. */
export type AdditionLogin = {
  /** Its password, up to 64 bytes. */
  password: string;
  /** The user name on the device, up to 32 bytes. */
  user_name: string;
};

/** Why a step did not work. */
export type AdditionReason = {
  /** A stable code, of docs/errors.md. */
  code: string;
  /** The same in English. */
  message: string;
};

/** The verification code that the device gets. */
export type AdditionService = {
  /** 6 to 12 letters and digits, not `ABCDEF`. */
  verification_code: string;
};

/** Another site of the company. */
export type AdditionSite = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
};

/** The verification code of the device. */
export type AdditionVerificationCode = {
  /** 6 to 12 letters and digits, as on the label or as somebody made it. */
  verification_code: string;
};

/** To whom, and that it is really the Admin who asks. */
export type AdminHandOver = {
  /** The code of the caller's second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** The caller's password. */
  password: string;
  /** The role of the caller from now on. */
  role_id: string;
  /** Who is the Installer Admin from now on. */
  staff_id: string;
};

/** A device for which rules would change something. */
export type AffectedDevice = {
  /** Its firmware as it writes it. */
  firmware: string;
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** Its model as it writes it. */
  model: string;
  /** Its name; may be empty. */
  name: string;
  now: Compatibility | null;
  /** The name of its site. */
  site_name: string;
  then: Compatibility | null;
};

/** Whether mails are wanted. */
export type AlarmMails = {
  /** Whether they are. */
  wanted: boolean;
};

export type AnswerState = "pending" | "accepted" | "refused" | "withdrawn" | "void";

/** The app that a company's end users need. */
export type AppHint = {
  /** Where to get it. */
  link: string;
  /** Its name. */
  name: string;
  /** The version needed, or newer; may be empty. */
  version: string;
};

/** How an area is armed. */
export type ArmMode = "away" | "stay";

/** What is asked for, or granted. */
export type Asks = {
  /** Permissions for devices of the site, at most one of a kind for each. */
  devices?: DeviceAsk[];
  /** Managing the site: it is authorized. */
  site?: boolean;
};

/** A site that is assigned to somebody. */
export type AssignedSite = {
  /** Until when; null: without an end. Past it the site is listed and out of reach. */
  expires_at: string | null;
  /** Its name. */
  name: string;
  /** The site. */
  site_id: string;
};

/** A page of assigned sites. */
export type AssignedSitePage = {
  /** The sites, by name. */
  items: AssignedSite[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

export type BehindBecause = "person" | "recorder" | "router";

export type BindState = "unknown" | "free" | "bound";

/** Where to. */
export type CameraMove = {
  /** To the right, or to the left below 0; how fast. */
  pan?: number;
  /** Up, or down below 0; how fast. */
  tilt?: number;
  /** Closer, or wider below 0; how fast. */
  zoom?: number;
};

/** A place that a camera remembers. */
export type CameraPreset = {
  /** Its name; may be empty. */
  name: string;
  /** Its number. */
  number: number;
};

/** The places that a camera remembers. */
export type CameraPresets = {
  /** The places, by number. */
  items: CameraPreset[];
};

/** A captcha: answer its picture, or do its work. */
export type Captcha = {
  /** Until when it is good. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** The picture as an address: `data:image/png;base64,…`. */
  picture: string;
  /** The work, instead of the picture. */
  work: CaptchaWork;
};

/** The answer to a captcha: what its picture says, or the number that its work found. */
export type CaptchaAnswer = {
  /** What the picture says, in any case. */
  answer?: string | null;
  /** The captcha. */
  id: string;
  /** The number that the work found, in decimal. */
  work?: string | null;
};

/** Work to do instead of reading the picture: find a number `n` so that SHA-256 of `challenge:n` (n in decimal) begins with so many zero bits. */
export type CaptchaWork = {
  /** What the number is looked for. */
  challenge: string;
  /** How many leading zero bits. */
  difficulty: number;
};

export type CauseKind = "device" | "link";

/** A TLS certificate, pinned at first use. */
export type Certificate = {
  /** SHA-256 of the pinned certificate, hex. */
  fingerprint: string;
  /** SHA-256 of another one that the device shows now and that waits to be accepted. */
  pending: string | null;
};

/** The certificate to accept: the one that a person saw. */
export type CertificateAccept = {
  /** SHA-256 of the certificate, hex. */
  fingerprint: string;
};

/** A channel of a camera or recorder. */
export type Channel = {
  /** Address of the camera behind it. */
  address: string | null;
  /** The device's own word on the connection. */
  detail: string | null;
  /** Firmware of the camera behind it. */
  firmware: string | null;
  /** Model of the camera behind it. */
  model: string | null;
  /** Its name; may be empty. */
  name: string;
  /** Its number, from 1. */
  number: number;
  /** Whether it is online, where the device tells. */
  online: boolean | null;
  /** Whether it is being recorded, where the device tells. */
  recording: boolean | null;
  /** `ip`, `analog` or `own`. */
  source: string;
  /** Whether its picture is lost, where the device tells. */
  video_loss: boolean | null;
};

/** A channel to share. */
export type ChannelToShare = {
  /** Its channel, from 1; 0: the device itself, where it has none. */
  channel: number;
  /** The device. */
  device_id: string;
  /** What the receiver may do with it; absent: all that a device of its kind has. The live view of what has pictures is always among it. */
  permissions?: SharePermission[] | null;
};

/** The bytes of a recording, as the device has it. */
export type ClipFile = string;

/** A channel that a code shares. */
export type CodeChannel = {
  /** Its channel, from 1; 0: the device itself, where it has none. */
  channel: number;
  /** What the device calls the channel; null where that is not known. */
  channel_name: string | null;
  /** The device. */
  device_id: string;
  /** What it is. */
  device_kind: DeviceKind;
  /** Its name; may be empty. */
  device_name: string;
  /** What a receiver would be let do with it. */
  permissions: SharePermission[];
};

/** A code as pictures. */
export type CodePictures = {
  /** As PNG, in base64. */
  png: string;
  /** As SVG. */
  svg: string;
};

/** An installer company. */
export type Company = {
  app_hint: AppHint | null;
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** How people reach this server. */
  public_url: string;
  /** Age in days past which only the Admin imports an export QR; null: no limit. */
  qr_age_limit_days: number | null;
  /** Country code of two letters, fixed after registration. */
  region: string;
  /** Whether everybody of its staff needs a second factor. */
  two_factor_required: boolean;
};

/** An owner's invitation of a company. */
export type CompanyInvitation = {
  /** What the company may do from the beginning. */
  asks: Asks;
  /** When it was made. */
  created_at: string;
  /** Where it went. */
  email: string;
  /** When it ended; null while it waits. */
  ended_at: string | null;
  /** Until when it is good. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** What was said; may be empty. */
  remark: string;
  /** Where it stands. */
  state: CompanyInvitationState;
};

/** Which company, and what it may do. */
export type CompanyInvitationCreate = {
  /** What it may do from the beginning. */
  asks?: Asks;
  /** An e-mail address of the company. */
  email: string;
  /** What there is to say besides. */
  remark?: string;
};

/** The companies that were invited to serve a site. */
export type CompanyInvitationList = {
  /** The invitations, newest first. */
  items: CompanyInvitation[];
};

export type CompanyInvitationState = "pending" | "accepted" | "refused" | "expired" | "cancelled";

/** The logo of the caller's company, without its picture. */
export type CompanyLogo = {
  /** Its height in pixels. */
  height: number;
  /** The picture as an address: `data:image/png;base64,…`. */
  picture: string;
  /** When it was put. */
  updated_at: string;
  /** Its width in pixels. */
  width: number;
};

/** What to change; what is absent stays. */
export type CompanyUpdate = {
  app_hint?: AppHint | null;
  /** The company's name. */
  name?: string | null;
  /** How people reach this server. Only the company that set the server up changes it. */
  public_url?: string | null;
  /** Age in days past which only the Admin imports an export QR; null: no limit. */
  qr_age_limit_days?: number | null;
  /** Whether everybody of the staff needs a second factor; who has none can do nothing else before it is set up. */
  two_factor_required?: boolean | null;
};

/** What a firmware is too old for. */
export type Compatibility = {
  /** The functions that are lost until then. */
  functions_lost: Function[];
  /** The oldest version that has all of it. */
  minimum_version: string;
};

/** What rules would change. */
export type CompatibilityPreview = {
  /** Devices that would lose functions, get some back, or need another version for them. */
  devices: number;
  /** The first hundred of them, by site and name. */
  named: AffectedDevice[];
  /** Those of them that would not be watched any more. */
  unwatched: number;
};

/** One rule. */
export type CompatibilityRule = {
  /** The family of devices that it is about: versions are comparable within a family only. */
  family: DeviceKind;
  /** What older ones cannot do. */
  lost: Function[];
  /** The oldest version that it does not speak against. */
  minimum: string;
  /** Patterns of models, `x` for one letter or digit; none: every model of the family. */
  models?: string[];
};

/** The rules that a company's devices are judged by. */
export type CompatibilityRules = {
  /** The day of the rules: that of the platform's file, or when the company's own were saved. */
  as_of: string;
  /** Whether they are the company's own, and not the platform's. */
  own: boolean;
  /** The day of the platform's rules. */
  platform_as_of: string;
  /** The rules. */
  rules: CompatibilityRule[];
  /** When the company's own were saved. */
  updated_at: string | null;
  /** Who saved them. */
  updated_by: string | null;
};

/** Rules to go by. */
export type CompatibilityRulesUpdate = {
  /** The rules, in any order. */
  rules: CompatibilityRule[];
};

/** How a login stands. */
export type Credential = {
  /** Whether it works. */
  state: CredentialState;
  /** Until when the device has it locked, where it tells. */
  until: string | null;
};

/** Whether a login works. */
export type CredentialState = "ok" | "refused" | "locked";

/** Whose hands a site is in. */
export type Custody = {
  /** Whether this company installed it, and gets it back where the owner deletes their account. */
  installed_here: boolean;
  owner: SiteOwner | null;
  /** Whether the company may pause the customer's use. */
  rental: Rental;
  /** Since when the customer's use is paused. */
  suspended_at: string | null;
};

/** A record of a vulnerability, judged for one firmware. */
export type Cve = {
  /** Since when attackers are known to use it: a date. */
  exploited_since: string | null;
  /** The first firmware without it, where that is known. */
  fixed_in: string | null;
  /** Its number. */
  id: string;
  /** Where the facts are from. */
  source: string;
  /** What it is. */
  title: string;
  /** What it says of this firmware. */
  verdict: Verdict;
};

/** When somebody gets the summary of what is and was wrong. */
export type DailySummary = {
  /** On which days. */
  mode: SummaryMode;
  /** At which time of their day, such as `07:00`. */
  time: string;
};

/** When to get the summary of what is and was wrong. */
export type DailySummaryUpdate = {
  /** On which days. */
  mode: SummaryMode;
  /** At which time of one's day, `00:00` to `23:59`. */
  time: string;
};

export type Day = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** A page of deliveries. */
export type DeliveryPage = {
  /** The deliveries, newest first. */
  items: WebhookDelivery[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

export type DeliveryState = "waiting" | "delivered" | "dead";

/** A device with its facts. */
export type Device = DeviceSummary & ({
  certificate: Certificate | null;
  /** Its channels, from the fact of that name; empty while none is known. */
  channels: Channel[];
  /** How its login stands. */
  credential: Credential;
  /** What is known of it, each with source and age. */
  facts: FactView[];
  /** What may be done with it now. */
  operations: DeviceOperation[];
  password_change: PasswordChange | null;
  /** How it is looked at. */
  polling: Polling;
});

/** A permission for a device. */
export type DeviceAsk = {
  /** The device. */
  device_id: string;
  /** To do what. */
  permission: DevicePermission;
  /** For how long, from the moment it is granted. */
  validity: Validity;
};

/** Devices counted by the state they are shown in. */
export type DeviceCounts = {
  /** Something is wrong. */
  faulty: number;
  /** Healthy. */
  healthy: number;
  /** The login does not work. */
  login_failed: number;
  /** Not reached. */
  offline: number;
  /** All of them. */
  total: number;
  /** Not measured recently enough to say. */
  unknown: number;
};

/** A device to add. */
export type DeviceCreate = {
  /** IPv4 or IPv6 address or DNS name. */
  host: string;
  kind?: DeviceKind | null;
  /** Its name; the device's own where it is empty. */
  name?: string;
  /** Its password, up to 64 bytes. */
  password: string;
  /** Its port; where HTTP is not there, the usual ones are tried too. */
  port: number;
  /** The user name on the device, up to 32 bytes. */
  user_name: string;
};

/** Something that a device told by itself. */
export type DeviceEvent = {
  /** When the platform first heard of it. */
  at: string;
  /** The channel, zone or door; null: the device itself. */
  channel: number | null;
  /** The device. */
  device_id: string;
  /** The device's name. */
  device_name: string;
  /** When it ended; null while it lasts. */
  ended_at: string | null;
  /** What it is about. */
  kind: DeviceEventKind;
  /** Its number; rises in the order in which events became known. */
  seq: number;
  /** The device's site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** What the device calls it. */
  word: string;
};

export type DeviceEventKind = "motion" | "line_crossing" | "intrusion" | "region_entrance" | "region_exiting" | "tamper" | "video_loss" | "alarm_input" | "disk_full" | "disk_error" | "network_disconnected" | "ip_conflict" | "illegal_access" | "pir" | "door_opened" | "door_forced" | "door_open_too_long" | "visitor_calling" | "zone_alarm" | "zone_tamper" | "armed" | "disarmed" | "panic" | "mains_lost" | "low_battery" | "other";

/** A page of events. */
export type DeviceEventPage = {
  /** The events, newest first. */
  items: DeviceEvent[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

export type DeviceHealth = "healthy" | "faulty" | "login_failed" | "offline" | "unknown";

export type DeviceKind = "camera" | "nvr" | "dvr" | "alarm_panel" | "intercom" | "access_control" | "switch" | "router" | "unknown";

/** Where to. */
export type DeviceMove = {
  /** The site it is moved to. */
  site_id: string;
};

/** What may be done with a device. */
export type DeviceOperation = "edit" | "move" | "delete" | "reboot" | "time" | "snapshot" | "password" | "device_qr" | "remote_configuration";

/** A page of devices. */
export type DevicePage = {
  /** The devices, by name. */
  items: DeviceSummary[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What a device hangs behind. */
export type DeviceParent = {
  /** Who says so. */
  mode: ParentMode;
  parent: ParentDevice | null;
};

/** What a device hangs behind. */
export type DeviceParentSet = {
  /** With `device`: the device, on the same site. */
  device_id?: string | null;
  /** Who says so. */
  mode: ParentMode;
};

/** The new password. */
export type DevicePasswordChange = {
  /** 8 to 16 characters of at least two classes, not containing `admin` or its reverse; a random one where absent. */
  password?: string | null;
};

/** A change of one device's password. */
export type DevicePasswordState = PasswordChange & {
  /** The device. */
  device_id: string;
};

export type DevicePermission = "configuration" | "live_view" | "playback";

/** A permission for a device, and whether it holds now. */
export type DevicePermissionNow = {
  /** Whether that is allowed now. */
  allowed: boolean;
  /** To do what. */
  permission: DevicePermission;
  /** Until when; null: it has no end, or is not allowed. */
  valid_until: string | null;
};

/** What the company may do with a device. */
export type DevicePermissions = {
  /** Every permission there is. */
  items: DevicePermissionNow[];
  /** Whether its site has an owner; if not, everything is allowed. */
  owned: boolean;
};

/** The pictures. */
export type DeviceQr = {
  /** One or several. */
  pictures: DeviceQrPicture[];
  /** Whether anyone with a picture has the passwords. */
  weak: boolean;
};

/** The form of a picture. */
export type DeviceQrFormat = "png" | "svg";

/** How devices are written. */
export type DeviceQrKind = "sealed" | "plain" | "vendor";

/** One picture. */
export type DeviceQrPicture = {
  /** Its bytes, base64. */
  data: string;
  /** The devices on it. */
  devices: string[];
  /** Its form. */
  format: DeviceQrFormat;
};

/** Which devices, and how they are written. */
export type DeviceQrRequest = {
  /** That the person knows what `plain` and `vendor` mean: who has the picture has the passwords. */
  confirmed?: boolean;
  /** The devices, in this order. */
  device_ids: string[];
  /** The form of the pictures. */
  format: DeviceQrFormat;
  /** How they are written. */
  kind: DeviceQrKind;
  /** The password that opens a sealed code: 8 to 64 characters; nobody can find it again. */
  password?: string | null;
  /** Days until a sealed code ceases to open; 30 unless told. */
  valid_days?: number | null;
};

/** A device in a list. */
export type DeviceSummary = {
  /** How the platform reaches it. */
  access: Access;
  compatibility: Compatibility | null;
  /** Its firmware as it writes it; may be empty. */
  firmware: string;
  /** What is known of that firmware. */
  firmware_verdict: FirmwareVerdict;
  /** Its state; `unknown` when it was not looked at lately, or nobody watches it. */
  health: DeviceHealth;
  /** Since when it is in that state. */
  health_since: string | null;
  /** The last 24 hours, oldest first; null for an hour in which nobody looked. */
  heartbeat: (Heartbeat | null)[];
  /** Where. */
  host: string;
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** Whether a person said what it is. */
  kind_is_manual: boolean;
  link: LinkOfDevice | null;
  /** Its MAC address, where it is known. */
  mac: string | null;
  /** When it was last looked at. */
  measured_at: string | null;
  /** Its model as it writes it; may be empty. */
  model: string;
  /** Whether and why it is watched. */
  monitoring: Monitoring;
  /** Its name; may be empty. */
  name: string;
  /** What is wrong with it now. */
  open_exceptions: OpenException[];
  /** On which port. */
  port: number;
  /** How HTTP reaches it. */
  scheme: Scheme;
  /** Its short serial number. */
  serial: string | null;
  /** Its site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** The user name on the device. */
  user_name: string;
};

/** What was set. */
export type DeviceTime = {
  /** How far its clock was ahead (negative: behind) before, in seconds; null where it did not tell. */
  offset_before_seconds: number | null;
  /** The time zone it has now: the site's. */
  time_zone: string;
};

/** A device that somebody gives away. */
export type DeviceTransfer = {
  /** When it ended. */
  answered_at: string | null;
  /** Until when the code of the mail is good. */
  code_until: string;
  /** When it was begun. */
  created_at: string;
  /** The device, while it is one's own. */
  device_id: string | null;
  /** Its name; may be empty. */
  device_name: string;
  /** Its id. */
  id: string;
  /** Who is to have it, as it was written. */
  login: string;
  /** Its model; may be empty. */
  model: string;
  /** Its serial number. */
  serial: string | null;
  /** What became of it. */
  state: TransferState;
};

/** The code of the mail. */
export type DeviceTransferConfirm = {
  /** Six digits. */
  code: string;
};

/** Which device, and who is to have it. */
export type DeviceTransferCreate = {
  /** The device. */
  device_id: string;
  /** The e-mail address of who is to have it. */
  login: string;
  /** The verification code on the device's label. */
  verification_code: string;
};

/** Devices that somebody gives or gave away. */
export type DeviceTransferList = {
  /** Newest first. */
  items: DeviceTransfer[];
};

/** What to change; what is absent stays. */
export type DeviceUpdate = {
  /** IPv4 or IPv6 address or DNS name. */
  host?: string | null;
  kind?: DeviceKind | null;
  /** Its name. */
  name?: string | null;
  /** Its password, up to 64 bytes. */
  password?: string | null;
  /** Its port. */
  port?: number | null;
  /** The user name on the device, up to 32 bytes. */
  user_name?: string | null;
};

export type DiskState = "ok" | "unformatted" | "error" | "working" | "empty" | "unknown";

/** The temperatures of the disks of a device. */
export type DiskTemperatureList = {
  /** The disks that ever told of theirs. */
  items: DiskTemperatures[];
};

/** The temperatures of a disk. */
export type DiskTemperatures = {
  /** Day by day, oldest first; days on which nothing was told are left out. */
  days: TemperatureDay[];
  /** The device's own id of the disk. */
  disk: string;
};

/** Taken; it tells nothing. */
export type EmailChangeTaken = Record<string, unknown>;

/** What an enrolled box keeps. */
export type Enrolled = {
  /** The link that it is now. */
  link_id: string;
  /** The token that opens its sessions; told only now. */
  token: string;
};

/** A box that enrols. */
export type Enrolment = {
  /** The code from the console, in any case, with or without its dashes. */
  code: string;
  /** The system it runs on. */
  system: string;
  /** The agent's version. */
  version: string;
};

/** The body of every refusal. */
export type ErrorBody = {
  /** A stable code; docs/errors.md lists them all. */
  code: string;
  /** What more a program can use, by code: `field`, `locked_until`, `kind` … */
  details?: Record<string, unknown> | null;
  /** What it means, in English. */
  message: string;
  /** The id of this request in the server's log. */
  request_id: string;
};

export type EventKind = "site_created" | "site_updated" | "site_deleted" | "device_added" | "device_updated" | "device_deleted" | "import_changed" | "health_changed" | "facts_changed" | "exception_opened" | "exception_closed" | "link_created" | "link_online" | "link_offline" | "link_revoked" | "addition_changed" | "device_moved" | "device_address_changed" | "device_unbound" | "device_rebooted" | "device_time_set" | "device_password_changed" | "remote_session_opened" | "remote_session_closed" | "staff_changed" | "role_changed" | "site_managers_changed" | "panel_account_added" | "panel_account_removed" | "panel_password_delivered" | "panel_drift_found" | "panel_controlled" | "panel_exit_ended" | "incident_opened" | "incident_closed" | "network_lost" | "network_back" | "incident_told" | "exception_rules_changed" | "maintenance_changed" | "linkage_fired" | "monitoring_changed" | "device_event" | "notified" | "upgrade_changed" | "site_taken_away" | "site_served" | "site_returned" | "custody_changed" | "shares_changed" | "handover_changed" | "grants_changed" | "grant_request_changed";

/** What a device may push to. */
export type EventListener = {
  /** When its address was made. */
  made_at: string;
  /** When the device last pushed; null: not yet. */
  pushed_at: string | null;
};

/** What a person enters in the device's own pages, in the words that they have for it. The path is told only now. */
export type EventListenerSettings = {
  /** The server's name or address. */
  host: string;
  /** The path, with the token of this device. */
  path: string;
  /** Its port. */
  port: number;
  /** `HTTP` or `HTTPS`. */
  protocol: string;
};

/** How a device is heard, beside being polled. */
export type EventSource = {
  /** Events that came too fast to be kept. */
  dropped: number;
  /** When that last happened. */
  dropped_at: string | null;
  listener: EventListener | null;
  stream: EventStreamOfDevice | null;
};

/** An event stream. */
export type EventStreamOfDevice = {
  /** Since when. */
  since: string;
  /** How it fares. */
  state: EventStreamState;
};

export type EventStreamState = "open" | "connecting" | "not_supported" | "login_refused";

/** Something that is or was wrong with a device. */
export type Exception = {
  cause: ExceptionCause | null;
  /** When it was seen to be over; null while it lasts. */
  closed_at: string | null;
  closed_because: Unwatched | null;
  /** The device. */
  device_id: string;
  /** The device's name. */
  device_name: string;
  /** How long it lasted, in seconds; null while it lasts. */
  duration_seconds: number | null;
  /** Its id. */
  id: string;
  /** What is wrong. */
  kind: ExceptionKind;
  /** When it was first seen. */
  opened_at: string;
  /** With which part: a channel number or disk id; empty for the device itself. */
  part: string;
  /** How much that matters. */
  severity: Severity;
  /** The device's site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
};

/** What an exception follows from. */
export type ExceptionCause = {
  /** What kind of thing it is. */
  cause: CauseKind;
  /** The device or link, which may be gone. */
  cause_id: string;
  /** The incident. */
  incident_id: string;
  /** What is or was wrong with it. */
  kind: IncidentKind;
  /** Its name. */
  name: string;
};

/** How many exceptions of a kind there were. */
export type ExceptionCount = {
  /** How many. */
  count: number;
  /** The kind. */
  kind: ExceptionKind;
  /** Seconds of all of them together, within the span. */
  seconds: number;
  /** How much it matters. */
  severity: Severity;
};

export type ExceptionKind = "device_offline" | "login_failed" | "disk_error" | "disk_full" | "no_disk" | "video_loss" | "channel_offline" | "recording_gap" | "clock_drift" | "reboots_often" | "address_changed" | "tamper" | "low_battery" | "mains_lost" | "panel_link_down" | "zone_fault" | "peripheral_offline" | "firmware_vulnerable" | "offline_after_upgrade";

/** A page of exceptions. */
export type ExceptionPage = {
  /** The exceptions, newest first. */
  items: Exception[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A rule: what of a site is told, to whom, when, and after how long. */
export type ExceptionRule = {
  /** The device that it is about; null: not one alone. */
  device_id: string | null;
  device_kind: DeviceKind | null;
  /** The name of that device. */
  device_name: string | null;
  /** Whether it tells at all. */
  enabled: boolean;
  /** Its id. */
  id: string;
  /** And whatever is of these kinds. */
  kinds: IncidentKind[];
  /** Who is told. */
  receivers: RuleReceiver[];
  /** When, by the clock of the site; null: always. */
  schedule: SchedulePeriod[] | null;
  /** Whatever is so severe is told. */
  severities: Severity[];
  /** How long it must have lasted, in minutes. */
  threshold_minutes: number;
};

/** The rules of a site. */
export type ExceptionRuleList = {
  /** Whom they can tell by name. */
  choices: RuleChoices;
  /** The rules, oldest first. */
  items: ExceptionRule[];
  /** The time zone of their schedules: the site's. */
  time_zone: string;
};

/** What a rule is to say. */
export type ExceptionRuleWrite = {
  /** The device that it is about; absent: not one alone. */
  device_id?: string | null;
  device_kind?: DeviceKind | null;
  /** Whether it tells at all. */
  enabled: boolean;
  /** And whatever is of these kinds. One of both is needed. */
  kinds: IncidentKind[];
  /** Who is told. */
  receivers: RuleReceiverWrite[];
  /** When, by the clock of the site; absent: always. */
  schedule?: SchedulePeriod[] | null;
  /** Whatever is so severe is told. */
  severities: Severity[];
  /** How long it must have lasted, in minutes; a week at most. */
  threshold_minutes: number;
};

/** An account that is left on a panel. */
export type ExitRemaining = {
  /** What it may do. */
  role: string;
  /** The user name. */
  user_name: string;
};

/** An account that was taken off in the course of an exit. */
export type ExitRemoval = {
  /** The person's name; empty where it was nobody's. */
  person_name: string;
  /** When the panel was read without it. */
  removed_at: string;
  /** As what. */
  role: string;
  /** The user name. */
  user_name: string;
};

/** Something that an end user did. */
export type ExportedOperation = {
  /** What. */
  action: string;
  /** When. */
  at: string;
  /** The network address it came from. */
  from_address: string;
  /** Its id, or empty. */
  object_id: string;
  /** The kind of object. */
  object_kind: string;
  /** Its name at that time, or empty. */
  object_name: string;
  /** `ok` or the code of the refusal. */
  result: string;
};

/** A session of an end user. */
export type ExportedSession = {
  /** When it began. */
  created_at: string;
  /** From which network address it began. */
  from_address: string;
  /** When it was last used, to the minute. */
  last_used_at: string;
  /** What the browser calls itself. */
  user_agent: string;
};

/** A site that an end user owns. */
export type ExportedSite = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
};

/** One fact. */
export type FactView = {
  /** Whether it still counts: younger than two of its periods. */
  fresh: boolean;
  /** When it was last measured. */
  measured_at: string;
  /** The resource it was read from. */
  source: string;
  /** What it is about. */
  topic: Topic;
  /** The value; its form depends on the topic. */
  value: unknown;
};

/** The bytes of a firmware file. */
export type FirmwareBytes = string;

/** The firmware catalogue. */
export type FirmwareCatalogue = {
  /** The files, newest first. */
  items: FirmwareFile[];
  /** Largest file that the server takes, in bytes. */
  most_bytes: number;
};

/** A firmware file. */
export type FirmwareFile = {
  /** What the uploader called it. */
  file_name: string;
  /** Its id. */
  id: string;
  /** Notes. */
  notes: string;
  purpose: FirmwarePurpose | null;
  /** SHA-256 of its bytes, hex. */
  sha256: string;
  /** Its bytes. */
  size: number;
  /** When it was last edited. */
  updated_at: string;
  /** When it was uploaded. */
  uploaded_at: string;
};

/** What a file is for. */
export type FirmwareFileUpdate = {
  /** On devices that run an older version than this; empty: than this file's. */
  first_below?: string;
  /** What must be installed before it. */
  first_id?: string | null;
  /** The hardware, as devices tell it; empty: any. */
  hardware?: string;
  /** The family of devices: versions are compared within it only. */
  kind: DeviceKind;
  /** Patterns of models; a small `x` is one letter or digit, and whatever follows belongs to the series. */
  models: string[];
  /** Notes. */
  notes?: string;
  /** The region or language, such as `WR`; empty: any. */
  region?: string;
  /** Version and build, such as `V5.4.5 build 170124`. */
  version: string;
};

/** What a firmware file is for. */
export type FirmwarePurpose = {
  /** On devices that run an older version than this; empty: than this file's. */
  first_below: string;
  /** What must be installed before it. */
  first_id: string | null;
  /** The hardware, as devices tell it; empty: any. */
  hardware: string;
  /** The family of devices: versions are compared within it only. */
  kind: DeviceKind;
  /** Patterns of models; a small `x` is one letter or digit. */
  models: string[];
  /** The region or language; empty: any. */
  region: string;
  /** Version and build. */
  version: string;
};

/** What is known of a firmware's vulnerabilities. */
export type FirmwareVerdict = {
  /** The records that name the model, the worst first. */
  cves: Cve[];
  /** The worst of what the records say. Never that it is safe. */
  verdict: Verdict;
};

/** A code of the app. */
export type FirstCode = {
  /** The code that the app shows. */
  code: string;
};

/** The first of some different names, by alphabet. */
export type FirstNames = {
  /** How many there are. */
  all: number;
  /** The first. */
  first: string[];
};

/** Devices by what they run. */
export type Fleet = {
  /** By kind, model and firmware. */
  groups: FleetGroup[];
  /** Whether there are more groups than are told here: ask for one kind at a time. */
  more: boolean;
  /** The date of the list of vulnerabilities by which the firmwares were judged. */
  vulnerabilities_as_of: string;
};

/** Devices of one kind and model that run the same firmware. */
export type FleetGroup = {
  compatibility: Compatibility | null;
  /** The records that it is vulnerable by, or that are for a person to review. */
  cves: string[];
  /** How many there are. */
  devices: number;
  /** Their firmware as they write it; empty where they never told. */
  firmware: string;
  /** What they are. */
  kind: DeviceKind;
  /** Their model as they write it; empty where they never told. */
  model: string;
  /** What is known of the firmware's vulnerabilities. Never that it is safe. */
  verdict: Verdict;
};

/** Where HTTP was found on a device. */
export type Found = {
  /** The port. */
  port: number;
  /** Plain or TLS. */
  scheme: Scheme;
};

/** A device that a link of the site has found in its LAN. */
export type FoundDevice = {
  /** Whether it has an admin password, where it told. */
  activated: boolean | null;
  /** Whether an account has it, as it told. */
  bind: BindState;
  /** The device it is, where it is on a site that the caller may work on. */
  device_id: string | null;
  /** Its firmware as it writes it; may be empty. */
  firmware: string;
  /** Its address in the LAN. */
  host: string;
  /** What it is, as far as its model tells. */
  kind: DeviceKind;
  /** When it was last seen. */
  last_seen_at: string;
  /** The link that sees it. */
  link_id: string;
  /** The link's name. */
  link_name: string;
  /** Its MAC address, where it told. */
  mac: string | null;
  /** Its model as it writes it; may be empty. */
  model: string;
  /** What a person does next. */
  next: NextStep;
  /** Whether the link sees it now, and is itself connected. */
  online: boolean;
  /** Its short serial number. */
  serial: string;
  /** Whether its cloud service is on, where it told. */
  service_enabled: boolean | null;
  /** Where adding it stands. */
  state: AddState;
};

/** What the links of a site have found. */
export type FoundList = {
  /** The devices; those that can be added first, then by serial. */
  items: FoundDevice[];
};

/** The logo, where there is one. */
export type FoundLogo = {
  logo: CompanyLogo | null;
};

export type Function = "health_monitoring" | "linkage_rules" | "remote_configuration" | "activation" | "unbinding" | "firmware_upgrade";

/** Channels that an owner shares with somebody. */
export type GivenShare = {
  /** What is shared. */
  channels: CodeChannel[];
  /** Since when. */
  created_at: string;
  /** Its id. */
  id: string;
  /** Their e-mail address. */
  receiver_email: string;
  /** Who receives it. */
  receiver_id: string;
  /** Their name. */
  receiver_name: string;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
};

/** A page of shares. */
export type GivenSharePage = {
  /** The shares, oldest first. */
  items: GivenShare[];
  /** Asks for the page that follows; null on the last one. */
  next_cursor: string | null;
};

/** What is shared from now on. */
export type GivenShareUpdate = {
  /** All channels that are to be shared, of that device or at all; others are not any more. */
  channels: ChannelToShare[];
  /** The device whose channels these are, where others are to stay as they are. */
  device_id?: string | null;
};

export type GiverKind = "company" | "end_user";

/** Something that the owner lets the company do. */
export type Grant = {
  device: GrantDevice | null;
  /** When it was used first; null: it was not. */
  first_used_at: string | null;
  /** Since when. */
  granted_at: string;
  /** Its id. */
  id: string;
  /** What it allows. */
  permission: GrantPermission;
  /** The site. */
  site_id: string;
  /** Until when; null: until somebody ends it. */
  valid_until: string | null;
};

/** A device of a grant. */
export type GrantDevice = {
  /** Its id. */
  id: string;
  /** Its name; may be empty. */
  name: string;
};

/** A page of what holds now. */
export type GrantPage = {
  /** What holds, the oldest first. */
  items: Grant[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

export type GrantPermission = "site" | "configuration" | "live_view" | "playback";

/** An application to the owner of a site. */
export type GrantRequest = {
  /** The name of who applied. */
  asked_by_name: string;
  /** What it asks for. */
  asks: RequestedAsks;
  /** The company that applied. */
  company_name: string;
  /** When. */
  created_at: string;
  /** When it was answered, withdrawn or void; null while it waits. */
  ended_at: string | null;
  granted: RequestedAsks | null;
  /** Its id. */
  id: string;
  /** For what. */
  kind: GrantRequestKind;
  /** What the company has to say besides; may be empty. */
  remark: string;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** Where it stands. */
  state: GrantRequestState;
};

/** What of it. */
export type GrantRequestApprove = {
  granted?: Asks | null;
};

/** What to apply for. */
export type GrantRequestCreate = {
  /** Permissions for devices of the site, at most one of a kind for each. */
  devices?: DeviceAsk[];
  /** What there is to say to the owner. */
  remark?: string;
  /** The authorization of the site; only while it is not authorized. */
  site?: boolean;
};

export type GrantRequestKind = "site" | "devices" | "serve" | "rental";

/** A page of applications. */
export type GrantRequestPage = {
  /** The applications. */
  items: GrantRequest[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

export type GrantRequestState = "waiting" | "approved" | "refused" | "withdrawn" | "void";

/** An invitation to own a site, or to see some of it. */
export type Handover = {
  /** What is asked for in return. */
  asks: Asks;
  /** What is shared; empty where the site is handed over. */
  channels: OfferedChannel[];
  /** When it was made. */
  created_at: string;
  /** The address that it went to. */
  email: string;
  /** When it ended; null while it waits. */
  ended_at: string | null;
  /** Until when it can be accepted. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** The name of who invites; null when they are not here any more. */
  invited_by: string | null;
  /** To own the site, or to see some of it. */
  kind: HandoverKind;
  /** The language of the mail. */
  language: MailLanguage;
  /** The receiver's name; may be empty. */
  name: string;
  /** The SHA-256 of the handover pack, in hex; null where there is none. */
  pack_sha256: string | null;
  /** The receiver's telephone number; null where it is not known. */
  phone: string | null;
  /** What was said besides; may be empty. */
  remark: string;
  /** When it was last sent. */
  sent_at: string;
  /** The site. */
  site_id: string;
  /** Where it stands. */
  state: HandoverState;
};

/** Sites to hand over, each to its owner. */
export type HandoverBatch = {
  /** One a site. */
  rows: HandoverRow[];
};

/** What became of them, in their order. */
export type HandoverBatchAnswer = {
  /** One a row. */
  items: HandoverRowAnswer[];
};

/** Whom to invite to what. */
export type HandoverCreate = {
  asks?: Asks | null;
  /** To share some of the site instead: these channels. */
  channels?: OfferedChannel[] | null;
  /** The receiver's e-mail address. */
  email: string;
  /** The language of the mail. */
  language: MailLanguage;
  /** The receiver's name. */
  name?: string;
  /** The receiver's telephone number, with the code of the country. */
  phone?: string | null;
  /** What there is to say besides. */
  remark?: string;
};

export type HandoverKind = "transfer" | "share";

/** A page of invitations. */
export type HandoverPage = {
  /** The invitations, newest first. */
  items: Handover[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** One of them. */
export type HandoverRow = {
  /** What is asked for in return. Nothing unless told. */
  asks?: Asks;
  /** The receiver's e-mail address. */
  email: string;
  /** The language of the mail. */
  language: MailLanguage;
  /** The receiver's name. */
  name?: string;
  /** The receiver's telephone number, with the code of the country. */
  phone?: string | null;
  /** What there is to say besides. */
  remark?: string;
  /** The site. */
  site_id: string;
};

/** What became of a row. */
export type HandoverRowAnswer = {
  /** Why there is none: a stable code. Null where there is one. */
  error: string | null;
  handover: Handover | null;
  /** The site, as it was named. */
  site_id: string;
};

export type HandoverState = "not_registered" | "pending" | "accepted" | "refused" | "expired" | "cancelled";

/** What to correct; what is left out stays. */
export type HandoverUpdate = {
  /** The receiver's e-mail address. */
  email?: string | null;
  language?: MailLanguage | null;
  /** The receiver's name. */
  name?: string | null;
  /** The receiver's telephone number; an empty one takes it away. */
  phone?: string | null;
};

/** One hour of a device. */
export type Heartbeat = {
  /** Seconds seen down. */
  down_seconds: number;
  /** When the hour began. */
  hour: string;
  /** Seconds seen up. */
  up_seconds: number;
};

/** One thing to look at. */
export type HelpCheck = "link" | "serial" | "power" | "cable" | "wi_fi" | "same_lan" | "dhcp" | "dns" | "gateway" | "ports";

/** How a device has been. */
export type History = {
  /** Hour by hour, oldest first; null for an hour in which nobody looked. */
  hours: (Heartbeat | null)[];
  /** Every change of its health, oldest first; of more than 1,000 the newest. */
  transitions: Transition[];
};

/** An import. */
export type Import = {
  /** The QR's age in whole days. */
  age_days: number | null;
  /** The rows counted. */
  counts: ImportCounts;
  /** When it expires unless confirmed. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** What was scanned. */
  kind: ImportKind;
  /** Whether it is past the company's limit (or, under a limit, of unknown age): only the Admin imports it. */
  older_than_limit: boolean;
  /** Whether new passwords are offered for what was added from it: see `POST /sites/{site_id}/password_changes`. */
  password_change_offered: boolean;
  /** When the QR was made, as it says. */
  qr_created_at: string | null;
  /** The devices of the QR, in its order; none while its password is not given. */
  rows: ImportRow[];
  /** The site that devices are added to. */
  site_id: string;
  /** Where it stands. */
  state: ImportState;
  /** Whether anyone with the picture has the passwords of its devices. */
  weak: boolean;
};

/** The ticked rows. */
export type ImportConfirm = {
  /** Their places in the QR. */
  rows: number[];
};

/** The rows of an import counted. */
export type ImportCounts = {
  /** Added. */
  added: number;
  /** Not added. */
  failed: number;
  /** Being tried. */
  running: number;
  /** Those that were ticked. */
  ticked: number;
  /** All of them. */
  total: number;
  /** Ticked and waiting. */
  waiting: number;
};

export type ImportKind = "vendor_export" | "sealed";

/** The password of a QR. */
export type ImportPassword = {
  /** The password. */
  password: string;
};

/** A device of the QR. */
export type ImportRow = {
  /** How it is reached. */
  access: Access;
  /** The device it became. */
  device_id: string | null;
  found: Found | null;
  /** Its host; empty for a device that is reached through a link. */
  host: string;
  /** Its place in the QR. */
  index: number;
  /** Its name; may be empty. */
  name: string;
  other_site: OtherSite | null;
  /** The port that the QR gives; 0 where it cannot be read, and for a device that is reached through a link. */
  port: number;
  reason: Reason | null;
  /** Its serial number, of a device that is reached through a link. */
  serial: string | null;
  /** Where it stands. */
  state: RowState;
  /** The user name. */
  user_name: string;
};

export type ImportState = "password_needed" | "ready" | "running" | "done" | "expired";

/** Something that went wrong, with everything that follows from it. */
export type Incident = {
  /** Devices that are or were affected besides the cause. */
  affected: number;
  /** Those of them that are cameras. */
  cameras: number;
  /** What kind of thing is the cause. */
  cause: CauseKind;
  /** The device or link, which may be gone. */
  cause_id: string;
  /** Until when; null while it lasts. */
  closed_at: string | null;
  closed_because: Unwatched | null;
  /** How long it lasted, in seconds; null while it lasts. */
  duration_seconds: number | null;
  /** Its id. */
  id: string;
  /** What is wrong with it. */
  kind: IncidentKind;
  /** Its name, as it was when the incident opened. */
  name: string;
  /** Since when. */
  opened_at: string;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
};

export type IncidentKind = "device_offline" | "login_failed" | "disk_error" | "disk_full" | "no_disk" | "video_loss" | "channel_offline" | "recording_gap" | "clock_drift" | "reboots_often" | "address_changed" | "tamper" | "low_battery" | "mains_lost" | "panel_link_down" | "zone_fault" | "peripheral_offline" | "firmware_vulnerable" | "offline_after_upgrade" | "link_offline";

/** An exception that belongs, or belonged, to an incident. */
export type IncidentMember = {
  /** When it was seen to be over; null while it lasts. */
  closed_at: string | null;
  /** The device. */
  device_id: string;
  /** What the device is. */
  device_kind: DeviceKind;
  /** The device's name. */
  device_name: string;
  /** The exception. */
  exception_id: string;
  /** What is wrong. */
  kind: ExceptionKind;
  /** When it was first seen. */
  opened_at: string;
  /** With which part: a channel number or disk id; empty for the device itself. */
  part: string;
};

/** A page of incidents. */
export type IncidentPage = {
  /** The incidents, newest first. */
  items: Incident[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** An incident with what belongs to it. */
export type IncidentWhole = Incident & {
  /** What belongs to it, in the order in which it was seen. Behind a link that is away nobody looks, so there is nothing. */
  members: IncidentMember[];
};

export type InvitationState = "pending" | "accepted" | "cancelled" | "expired";

/** The bytes of a JPEG. */
export type Jpeg = string;

/** A device label. Its verification code is told of, never told. */
export type Label = {
  /** Whether it has a verification code. */
  has_verification_code: boolean;
  /** The serial as printed, where it was a long one. */
  long_serial: string | null;
  /** The model. */
  model: string | null;
  /** The short serial number. */
  serial: string;
};

/** A link: the agent in the LAN of a site. */
export type Link = {
  /** When it was made. */
  created_at: string;
  /** How many devices it has found and still sees. */
  devices_found: number;
  /** When it was enrolled. */
  enrolled_at: string | null;
  /** Its id. */
  id: string;
  /** When it was last heard of. */
  last_seen_at: string | null;
  /** Its name. */
  name: string;
  /** The site whose LAN it is in. */
  site_id: string;
  /** Where it stands. */
  state: LinkState;
  /** The system it runs on, as it told last. */
  system: string | null;
  /** The version of the agent, as it told last. */
  version: string | null;
};

/** A link to make. */
export type LinkCreate = {
  /** Its name, e.g. where the box stands. */
  name: string;
};

/** A link with the code that enrols a box: told once, good for 24 hours and for one box. */
export type LinkCreated = {
  /** The code, as `XXXX-XXXX-XXXX`. */
  code: string;
  /** The command to run on the box. */
  command: string;
  /** Until when it is good. */
  expires_at: string;
  /** The link. */
  link: Link;
};

/** The links of a site. */
export type LinkList = {
  /** The links, oldest first. */
  items: Link[];
};

/** The link that a device is reached through. */
export type LinkOfDevice = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** Whether it is connected. */
  online: boolean;
};

export type LinkState = "waiting" | "online" | "offline" | "revoked";

/** What to change. */
export type LinkUpdate = {
  /** Its name. */
  name: string;
};

/** What a rule does. Which fields it has depends on its kind. */
export type LinkageAction = {
  /** The area of the alarm panel: of `arm` and `disarm`; null or left out: all of them. */
  area?: number | null;
  /** The channel of the device: of `snapshot`, `record` and `preset`; 1 unless told. */
  channel?: number | null;
  /** The device, of the rule's site: of all but `notify` and `webhook`. */
  device_id?: string | null;
  /** What it is. */
  kind: LinkageActionKind;
  mode?: LinkageArmMode | null;
  /** The output of the device: of `output_on` and `output_off`; 1 unless told. */
  output?: number | null;
  /** The preset: of `preset`. */
  preset?: number | null;
  /** Who gets a mail: of `notify`. */
  staff_ids?: string[] | null;
};

export type LinkageActionKind = "snapshot" | "record" | "preset" | "output_on" | "output_off" | "arm" | "disarm" | "notify" | "webhook";

export type LinkageActionState = "waiting" | "running" | "done" | "failed" | "unknown" | "skipped";

export type LinkageArmMode = "away" | "stay";

/** A rule as a template proposes it. */
export type LinkageDraft = {
  /** What it does. */
  actions: LinkageAction[];
  /** When; none: always. */
  schedule: LinkagePeriod[];
  /** What sets it off. */
  source: LinkageSource;
};

/** What a rule would be set off by. */
export type LinkageDryRun = {
  /** When, by the clock of the site; none: always. */
  schedule?: LinkagePeriod[];
  /** What sets it off. */
  source: LinkageSource;
};

/** How often it would have fired. */
export type LinkageDryRunResult = {
  /** Whether all of the events were looked at: of more than 10,000 only the oldest are. */
  complete: boolean;
  /** How often it would have fired. */
  count: number;
  /** How often its source told this, within the schedule or not. */
  events: number;
  /** From when on events were looked at. */
  from: string;
  /** When it would have fired, newest first, the last 500 times. */
  times: string[];
  /** Until when. */
  until: string;
};

/** What became of an action. */
export type LinkageFiredAction = {
  /** What was to be done. */
  action: LinkageAction;
  /** When the device was asked. */
  begun_at: string | null;
  /** When it ended. */
  ended_at: string | null;
  /** Why it was not done, or not yet: a code as in errors. */
  error_code: string | null;
  /** Whether a picture of it is kept. */
  has_picture: boolean;
  /** Its place in the rule, from 0. */
  position: number;
  /** Where it stands. */
  state: LinkageActionState;
};

/** A time that a rule fired. */
export type LinkageFiring = {
  /** What became of each action. */
  actions: LinkageFiredAction[];
  /** When it told it. */
  event_at: string;
  /** When the rule fired. */
  fired_at: string;
  /** Its id. */
  id: string;
  /** The rule, which may be gone. */
  rule_id: string;
  /** Its name at that time. */
  rule_name: string;
  /** The site. */
  site_id: string;
  /** The channel, zone or door; null: none, or not told. */
  source_channel: number | null;
  /** The device that told it, which may be gone. */
  source_device_id: string;
  /** What it told. */
  source_kind: DeviceEventKind;
  /** Its name at that time. */
  source_name: string;
};

/** A page of firings. */
export type LinkageFiringPage = {
  /** The firings, newest first. */
  items: LinkageFiring[];
  /** Give it back for the page that follows; null on the last. */
  next_cursor: string | null;
};

/** The same hours on some days of the week, by the clock of the site. */
export type LinkagePeriod = {
  /** The days on which it begins, each once. */
  days: Day[];
  /** The minute of the day at which it begins. */
  from: number;
  /** The minute before which it ends, up to 1440; on the next day where it is before `from`. */
  until: number;
};

/** Somebody who can be told. */
export type LinkageReceiver = {
  /** Who. */
  id: string;
  /** Their name. */
  name: string;
};

/** A linkage rule. */
export type LinkageRule = {
  /** What it does, in no particular order. */
  actions: LinkageAction[];
  /** When it was made. */
  created_at: string;
  /** Whether it fires. */
  enabled: boolean;
  /** Its id. */
  id: string;
  /** When it last fired, as far as that is still known; null: never. */
  last_fired_at: string | null;
  /** Its name. */
  name: string;
  /** When, by the clock of the site; none: always. */
  schedule: LinkagePeriod[];
  /** The site. */
  site_id: string;
  /** What sets it off. */
  source: LinkageSource;
  /** Whether it can work now. */
  state: LinkageState;
  /** What stands against it now. It works again by itself when that is over. */
  troubles: LinkageTrouble[];
  /** When it was last changed. */
  updated_at: string;
};

/** A rule to make. */
export type LinkageRuleCreate = {
  /** What it does. */
  actions: LinkageAction[];
  /** Whether it fires from now on; it does unless told otherwise. */
  enabled?: boolean;
  /** Its name. */
  name: string;
  /** When, by the clock of the site; none: always. */
  schedule?: LinkagePeriod[];
  /** What sets it off. */
  source: LinkageSource;
};

/** The linkage rules of a site. */
export type LinkageRuleList = {
  /** The rules, oldest first. */
  items: LinkageRule[];
  /** Who can be told by a rule of this site. */
  receivers: LinkageReceiver[];
};

/** What to change; what is left out stays as it is. */
export type LinkageRuleUpdate = {
  /** What it does. */
  actions?: LinkageAction[] | null;
  /** Whether it fires. */
  enabled?: boolean | null;
  /** Its name. */
  name?: string | null;
  /** When, by the clock of the site; an empty list: always. */
  schedule?: LinkagePeriod[] | null;
  source?: LinkageSource | null;
};

/** What sets a rule off. */
export type LinkageSource = {
  /** The channel, zone or door; null or left out: any. */
  channel?: number | null;
  /** The device, of the rule's site. */
  device_id: string;
  /** What it tells. */
  kind: DeviceEventKind;
};

export type LinkageState = "works" | "impaired" | "invalid";

/** A template. */
export type LinkageTemplate = {
  draft: LinkageDraft | null;
  /** A site needs one of these to use it. */
  sources: DeviceKind[];
  /** Which. */
  template: LinkageTemplateKind;
};

export type LinkageTemplateKind = "intrusion" | "forced_entry" | "back_home" | "away" | "visitor_calling" | "perimeter";

/** The templates. */
export type LinkageTemplateList = {
  /** All of them, in the order in which they are shown. */
  items: LinkageTemplate[];
};

/** Something that stands against a rule. */
export type LinkageTrouble = {
  /** Which action cannot work, from 0; null: the rule as a whole. */
  action: number | null;
  /** With which device; null where it is about people. */
  device_id: string | null;
  /** The oldest firmware that would do, where that is the matter. */
  minimum_version: string | null;
  /** What it is. */
  reason: LinkageTroubleReason;
};

export type LinkageTroubleReason = "source_gone" | "target_gone" | "monitoring_off" | "firmware_incompatible" | "notifications_off" | "receivers_gone";

/** One change; the data of an event `change`. */
export type LiveChange = {
  /** When. */
  at: string;
  /** What more there is to tell, by kind. */
  data: Record<string, unknown>;
  /** The device it happened to. */
  device_id: string | null;
  /** What happened, e.g. `health_changed`. */
  kind: string;
  /** The site it happened on. */
  site_id: string | null;
};

/** A mail of the outbox. */
export type Mail = {
  /** How often it was tried. */
  attempts: number;
  /** When it was written. */
  created_at: string;
  /** Why it was not taken at the last try: a code as in errors. */
  error_code: string | null;
  /** Its id. */
  id: string;
  /** The language it is written in. */
  language: MailLanguage;
  /** The address that it goes to. */
  receiver: string;
  /** What the mail server said then; may be empty. */
  said: string;
  /** When the server took it. */
  sent_at: string | null;
  /** Where it stands. */
  state: MailState;
  /** Its subject. */
  subject: string;
  /** What it is about. */
  template: MailTemplate;
};

/** A file that goes with a mail. */
export type MailAttachment = {
  /** What it is. */
  content_type: string;
  /** What it is called. */
  file_name: string;
  /** How many bytes it has. */
  size: number;
};

/** The bytes of a file. */
export type MailFile = string;

export type MailLanguage = "en" | "ru";

/** A page of the outbox. */
export type MailPage = {
  /** The mails, newest first. */
  items: Mail[];
  /** Whether that server refused the login: mails wait until it is changed or a test goes through. */
  login_refused: boolean;
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
  /** Whether a mail server is set; without one mails wait. */
  server_set: boolean;
};

/** A mail to look at. */
export type MailPreview = {
  /** The files that go with it. */
  attachments: MailAttachment[];
  /** What it says, as HTML, with its pictures within. */
  html: string;
  /** The mail. */
  mail: Mail;
  /** What it says, as text; of a link that is as good as a password only the beginning. */
  text: string;
};

/** The mail server, once it is set. */
export type MailServer = {
  settings: MailSettings | null;
};

/** How mails are sent. Never the password. */
export type MailSettings = {
  /** Certificate of the authority that the server's certificate is from, where browsers do not know it. */
  certificate: string | null;
  /** Whether a password is kept. */
  has_password: boolean;
  /** The server: a name or an address. */
  host: string;
  /** The language that mails are written in. */
  language: MailLanguage;
  /** The server refused the login: nothing is sent until it is changed or a test goes through. */
  login_refused: boolean;
  /** Its port. */
  port: number;
  /** How the connection is kept from others. */
  security: SmtpSecurity;
  /** The address that mails come from. */
  sender_address: string;
  /** The name that mails come from. */
  sender_name: string;
  /** The user name, where the server wants a login. */
  user_name: string | null;
};

/** How mails are to be sent. */
export type MailSettingsUpdate = {
  /** Certificate, PEM, of the authority that the server's certificate is from, where browsers do not know it. */
  certificate?: string | null;
  /** The server: a name or an address. */
  host: string;
  /** The language that mails are written in. */
  language: MailLanguage;
  /** The password to it; absent: the one that is kept, if nothing changed that it could be sent to. */
  password?: string | null;
  /** Its port: mostly 587 with STARTTLS, 465 with TLS from the first byte, 25 without. */
  port: number;
  /** How the connection is kept from others. */
  security: SmtpSecurity;
  /** The address that mails come from. */
  sender_address: string;
  /** The name that mails come from; may be empty. */
  sender_name: string;
  /** The user name, where the server wants a login. */
  user_name?: string | null;
};

export type MailState = "waiting" | "sending" | "sent" | "failed" | "not_needed";

export type MailTemplate = "test" | "device_unbound" | "staff_invitation" | "password_reset" | "account_changed" | "incident_opened" | "incident_closed" | "digest" | "daily_summary" | "linkage_fired" | "handover_invitation" | "share_invitation" | "handover_accepted" | "handover_welcome" | "handover_refused" | "handover_expired" | "end_user_registration" | "end_user_known" | "end_user_address" | "end_user_password_reset" | "end_user_changed" | "end_user_deleted" | "permission_requested" | "permission_used" | "request_answered" | "company_invitation" | "site_taken_away" | "site_served" | "site_returned" | "site_freed" | "use_suspended" | "use_resumed" | "rental_ended" | "rental_ended_by_owner" | "share_offered" | "share_offered_new" | "share_alarm" | "share_applied" | "share_answered" | "share_changed" | "share_ended" | "device_transfer_code" | "device_transfer_offered" | "device_transfer_answered" | "phone_code" | "share_offered_phone";

/** To whom the test mail goes. */
export type MailTest = {
  /** The address. */
  receiver: string;
};

/** A maintenance window that is not over. */
export type MaintenanceWindow = {
  /** Whether it is in force. */
  active: boolean;
  /** The name of who made it, where they are still there. */
  created_by: string | null;
  /** The device; null: the whole site. */
  device_id: string | null;
  /** The name of the device. */
  device_name: string | null;
  /** When it ends then. */
  ends_at: string;
  /** Its id. */
  id: string;
  /** What it is for. */
  note: string;
  /** Whether it comes again. */
  repeats: Repeats;
  /** When it began, or begins next. */
  starts_at: string;
};

/** A maintenance window to make. */
export type MaintenanceWindowCreate = {
  /** The device, on this site; absent: the whole site. */
  device_id?: string | null;
  /** How long it lasts, in minutes: 31 days at most, and 6 where it comes again. */
  minutes: number;
  /** What it is for. */
  note?: string;
  /** Whether it comes again every week, by the clock of the site. */
  repeats: Repeats;
  /** When it begins; absent: now. A day ago at the earliest, a year ahead at the latest. */
  starts_at?: string | null;
};

/** The maintenance windows of a site. */
export type MaintenanceWindowList = {
  /** Those that are not over, the next ones first. */
  items: MaintenanceWindow[];
  /** The time zone of the site, by whose clock they repeat. */
  time_zone: string;
};

/** An end user. */
export type Me = {
  /** Their e-mail address. */
  email: string;
  /** Their id. */
  id: string;
  /** The language they read. */
  language: MailLanguage;
  /** Their name. */
  name: string;
  /** Their region: the two capital letters of a country code. */
  region: string;
  /** The IANA name of their time zone. */
  time_zone: string;
};

/** Whether a device is watched. */
export type Monitoring = {
  /** Who switched it off. */
  off_by: string | null;
  /** Since when it is off. */
  off_since: string | null;
  /** Whether its health monitoring is switched on. */
  on: boolean;
  unwatched_because: Unwatched | null;
};

/** Whether a device is to be watched. */
export type MonitoringSet = {
  /** On or off. */
  on: boolean;
};

/** One change; the data of an event `change`. What changed is asked for by whoever hears of it. */
export type MyChange = {
  /** When. */
  at: string;
  /** The device it happened to. */
  device_id: string | null;
  /** What happened, e.g. `health_changed`; `sites_changed`: the list of one's own sites is another now. */
  kind: string;
  /** The site it happened on. */
  site_id: string | null;
};

/** A channel of a device. */
export type MyChannel = {
  /** Its name; may be empty. */
  name: string;
  /** Its number; 0: the device itself, where it has none. */
  number: number;
  /** Whether it was online when it was last looked at; null where that is not known. */
  online: boolean | null;
  /** What may be done with it. */
  permissions: SharePermission[];
};

/** A device with its channels, as somebody who may use it sees it. */
export type MyChannels = {
  /** Whether the end user wants mails about its alarms; null where there are none for them, or it is their own. */
  alarm_mails: boolean | null;
  /** The channels, by number. */
  channels: MyChannel[];
  /** The device. */
  device_id: string;
  /** What it is. */
  device_kind: DeviceKind;
  /** Its name; may be empty. */
  device_name: string;
  /** Whether it is the end user's own; otherwise it is shared with them. */
  own: boolean;
  /** The name of its site. */
  site_name: string;
};

/** Who looks after a site. */
export type MyCustody = {
  /** The name of the company that serves it; null: none does. */
  company_name: string | null;
  /** The name of the company that installed it; null where it is gone. */
  installed_by_name: string | null;
  /** Whether the company may pause the owner's use. */
  rental: Rental;
  /** Since when the owner's use is paused. */
  suspended_at: string | null;
  /** Since when no company serves it. */
  unserved_since: string | null;
};

/** A device with what is known of how it is. */
export type MyDevice = MyDeviceSummary & {
  /** What is known of it, each with its age. */
  facts: FactView[];
};

/** A page of devices of one's own. */
export type MyDevicePage = {
  /** The devices, by name. */
  items: MyDeviceSummary[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A device in the list of its owner. */
export type MyDeviceSummary = {
  /** Its firmware as it writes it; may be empty. */
  firmware: string;
  /** What is known of that firmware. */
  firmware_verdict: FirmwareVerdict;
  /** Until when that look counts; from then on its state is `unknown`. */
  fresh_until: string | null;
  /** Its state; `unknown` when it was not looked at lately, or nobody watches it. */
  health: DeviceHealth;
  /** Since when it is in that state. */
  health_since: string | null;
  /** The last 24 hours, oldest first; null for an hour in which nobody looked. */
  heartbeat: (Heartbeat | null)[];
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** When it was last looked at. */
  measured_at: string | null;
  /** Its model as it writes it; may be empty. */
  model: string;
  /** Whether and why it is watched. */
  monitoring: Monitoring;
  /** Its name; may be empty. */
  name: string;
  /** What is wrong with it now. */
  open_exceptions: OpenException[];
  /** Its short serial number. */
  serial: string | null;
  /** Its site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
};

/** The new address, and who they are. */
export type MyEmailChange = {
  /** The code of the second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** The new address: a link that confirms it goes there. */
  email: string;
  /** The password. */
  password: string;
};

/** Something that a device told by itself. */
export type MyEvent = {
  /** When the platform first heard of it. */
  at: string;
  /** The channel, zone or door; null: the device itself. */
  channel: number | null;
  /** The device. */
  device_id: string;
  /** The device's name; may be empty. */
  device_name: string;
  /** When it ended; null while it lasts. */
  ended_at: string | null;
  /** What it is about. */
  kind: DeviceEventKind;
  /** Whether the device is the end user's own; otherwise it is shared with them. */
  own: boolean;
  /** Its number; rises in the order in which events became known. */
  seq: number;
  /** The name of the device's site. */
  site_name: string;
  /** What the device calls it. */
  word: string;
};

/** A page of events. */
export type MyEventPage = {
  /** The events, newest first. */
  items: MyEvent[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** Everything that is kept of an end user. Passwords, seeds and codes are kept as what cannot be read back, and are not in it. */
export type MyExport = {
  /** When it was made. */
  exported_at: string;
  /** What they did with their account, newest first, at most 10,000. */
  operations: ExportedOperation[];
  /** The account. */
  profile: MyProfile;
  /** Where they are signed in. */
  sessions: ExportedSession[];
  /** The sites that they own; the access log of each is with the site. */
  sites: ExportedSite[];
};

/** An invitation, as its receiver sees it. */
export type MyHandover = {
  /** Its address; may be empty. */
  address: string;
  /** What is asked for in return. */
  asks: Asks;
  /** What is shared; empty where the site is handed over. */
  channels: OfferedChannel[];
  /** The name of the company that invites. */
  company: string;
  /** The devices of the site, by name. */
  devices: MyOfferedDevice[];
  /** Until when it can be accepted. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** The name of who invites; null when they are not here any more. */
  invited_by: string | null;
  /** To own the site, or to see some of it. */
  kind: HandoverKind;
  /** What was said besides; may be empty. */
  remark: string;
  /** The name of the site. */
  site: string;
};

/** What to let the company do. */
export type MyHandoverAccept = {
  allowed?: Asks | null;
};

/** What was accepted. */
export type MyHandoverAccepted = {
  /** The site. */
  site_id: string;
  /** Where it stands now. */
  status: SiteStatus;
};

/** Invitations that can be accepted. */
export type MyHandoverList = {
  /** The invitations, newest first. */
  items: MyHandover[];
};

/** A device of a site that is offered. */
export type MyOfferedDevice = {
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** Its model; may be empty. */
  model: string;
  /** Its name. */
  name: string;
};

/** An account on an alarm panel. */
export type MyPanelAccount = {
  /** The panel. */
  device_id: string;
  /** Its name; may be empty. */
  device_name: string;
  /** Whose it is; empty where nobody is known. */
  name: string;
  /** Since when it stands as it does. */
  since: string;
  /** The user name on the panel. */
  user_name: string;
};

/** The end user's own account. */
export type MyProfile = {
  /** Since when there is the account. */
  created_at: string;
  /** Their e-mail address. */
  email: string;
  /** The language they read. */
  language: MailLanguage;
  /** Their name. */
  name: string;
  /** Their phone number, a second name to sign in with unless somebody else signs in with it. */
  phone: string | null;
  /** Whether they have shown that it is theirs. */
  phone_confirmed: boolean;
  /** Their region: the two capital letters of a country code. */
  region: string;
  /** Whether text messages go from this server to phones: without them no number can be confirmed. */
  texts_are_sent: boolean;
  /** The IANA name of their time zone. */
  time_zone: string;
  /** Their second factor. */
  two_factor: TwoFactor;
};

/** Who they are, and what becomes of their sites. */
export type MyProfileDelete = {
  /** The code of the second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** The password. */
  password: string;
  /** What becomes of sites; the devices of one that is not named become free. */
  sites?: SiteParting[];
};

/** What to change; what is absent stays. */
export type MyProfileUpdate = {
  language?: MailLanguage | null;
  /** The name. */
  name?: string | null;
  /** The phone number with its country code; `null` takes it away. */
  phone?: string | null;
  /** Two letters of a country code. */
  region?: string | null;
  /** IANA name of the time zone. */
  time_zone?: string | null;
};

/** What was scanned. */
export type MyScan = {
  /** The device, where it is one's own or shared. */
  device_id: string | null;
  hindrance: UnbindHindrance | null;
  /** Where the pages of this network are that show the code for it. */
  lan_pages: string[];
  /** The serial number. */
  serial: string;
  /** Whose it is. */
  state: ScannedState;
};

/** A label that was scanned, or a serial number that was typed. */
export type MyScanCreate = {
  /** The text of the label's QR, or the serial number on it. */
  text: string;
};

/** Which end user is signed in, and what their console needs. */
export type MySession = {
  /** To be sent as `X-CSRF-Token` with everything that changes something. */
  csrf_token: string;
  /** Who. */
  end_user: Me;
  /** When the session ends if nothing more is asked. */
  expires_at: string;
};

/** E-mail address or phone number, and password. */
export type MySignIn = {
  /** The code of the second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** E-mail address, in any case, or the phone number of the account. */
  email: string;
  /** Password. */
  password: string;
};

/** A site, as its owner sees it. */
export type MySite = {
  /** Its address; may be empty. */
  address: string;
  /** The company that serves it; null where none does. */
  company: string | null;
  /** Its devices, counted by the state they are shown in. */
  devices: DeviceCounts;
  /** Its id, also to be given to a company that is to serve it. */
  id: string;
  /** The company that installed it. */
  installed_by: string | null;
  /** Its name. */
  name: string;
  /** Since when it is yours. */
  owned_since: string;
  /** Where it stands between company and owner. */
  status: SiteStatus;
  /** Since when the company has suspended your use of it; null: it has not. */
  suspended_at: string | null;
  /** IANA time zone. */
  time_zone: string;
};

/** Who reaches a site. */
export type MySiteAccess = {
  /** The accounts on its alarm panels, as far as the platform knows them. */
  panel_accounts: MyPanelAccount[];
  /** The people of the company that serves it: what they may do is what was granted to the company. */
  people: MySitePerson[];
};

/** A page of one's own sites. */
export type MySitePage = {
  /** The sites, by name. */
  items: MySite[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** Somebody of the company who reaches a site. */
export type MySitePerson = {
  /** Their name. */
  name: string;
  /** Until when; null: without an end. */
  until: string | null;
  /** Why. */
  why: WhyReached;
};

/** What the person keeps, and the session that goes on. */
export type MyTwoFactorConfirmed = {
  /** Ten codes, told this once, each good once in place of a code of the app. */
  recovery_codes: string[];
  /** The session under its new id. */
  session: MySession;
};

/** A device that nobody has. */
export type MyUnbinding = {
  /** Its serial number. */
  serial: string;
  /** `free`. */
  state: BindState;
};

/** A device to free. */
export type MyUnbindingCreate = {
  /** The password of its administrator, which the device itself checks. */
  admin_password: string;
  /** The captcha. */
  captcha: CaptchaAnswer;
  /** The code that the page in the device's network shows: eight digits. */
  lan_code: string;
  /** Its serial number, short or long. */
  serial: string;
  /** The user name of its administrator; `admin` unless told. */
  user_name?: string | null;
};

/** How the platform's own network is. */
export type Network = {
  /** Since when a worker reaches neither devices nor its references; null: all of them do. */
  lost_since: string | null;
};

export type NextStep = "check_label" | "check_cables" | "create_password" | "create_verification_code" | "wait" | "enter_login" | "enter_verification_code" | "upgrade" | "open_device" | "unbind" | "add" | "none";

/** Something that the caller was told. */
export type Notification = {
  /** Devices that are or were affected besides the cause. */
  affected: number;
  /** Those of them that are cameras. */
  cameras: number;
  /** When it was told. */
  created_at: string;
  /** Its id. */
  id: string;
  /** The incident that it is about. */
  incident_id: string;
  /** What is or was wrong. */
  kind: IncidentKind;
  /** The name of the cause. */
  name: string;
  /** When it was read; null: not yet. */
  read_at: string | null;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** What was told. */
  what: Told;
};

/** A page of notifications. */
export type NotificationPage = {
  /** The notifications, newest first. */
  items: Notification[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
  /** How many are not read, at most 100. */
  unread: number;
};

/** How far. */
export type NotificationsRead = {
  /** The newest that was seen; so were all before it. */
  last: string;
};

export type OfferWay = "account" | "face_to_face";

/** A channel that is offered. */
export type OfferedChannel = {
  /** Its channel, from 1; 0: the device itself, where it has none. */
  channel: number;
  /** The device. */
  device_id: string;
  /** What the receiver may do with it. */
  permissions: SharePermission[];
};

/** Something that is wrong now. */
export type OpenException = {
  /** What. */
  kind: ExceptionKind;
  /** With which part: a channel number or disk id; empty for the device itself. */
  part: string;
};

/** A session among a person's others. */
export type OpenSession = {
  /** When it began. */
  created_at: string;
  /** Whether it is the one that asks. */
  current: boolean;
  /** When it ends if nothing more is asked. */
  expires_at: string;
  /** From which network address it began. */
  from_address: string;
  /** Its id. */
  id: string;
  /** When it was last used, to the minute. */
  last_used_at: string;
  /** What the browser calls itself; empty where it says nothing. */
  user_agent: string;
};

/** Where somebody is signed in. */
export type OpenSessions = {
  /** At most 100, the last used first. */
  items: OpenSession[];
};

/** A row of the operation log. */
export type Operation = {
  /** Method and route. */
  action: string;
  /** When. */
  at: string;
  /** The address the call came from. */
  from_address: string;
  /** Its id; grows with time. */
  id: string;
  /** Its id. */
  object_id: string;
  /** What kind of thing it was about. */
  object_kind: string;
  /** Its name at that time. */
  object_name: string;
  /** `ok` or the code of the refusal. */
  result: string;
  /** The name of the member of staff. */
  who: string | null;
};

/** A page of the operation log. */
export type OperationPage = {
  /** The rows. */
  items: Operation[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** Another site of the company. */
export type OtherSite = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
};

/** What one applied for oneself. */
export type OwnApplication = {
  /** When it was answered or withdrawn; null while it waits. */
  answered_at: string | null;
  /** What the code offers. */
  channels: CodeChannel[];
  /** When one applied. */
  created_at: string;
  /** Who shares. */
  giver_name: string;
  /** Its id. */
  id: string;
  /** What the code is for; may be empty. */
  label: string;
  /** The share that it became part of; null where it did not, or that is gone. */
  share_id: string | null;
  /** What became of it. */
  state: AnswerState;
};

/** A page of one's own applications. */
export type OwnApplicationPage = {
  /** The applications, newest first. */
  items: OwnApplication[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** The caller's own password. */
export type OwnPassword = {
  /** The password. */
  password: string;
};

/** The password so far and the new one. */
export type OwnPasswordChange = {
  /** The code of the second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** The new one: 8 to 64 characters, three of: small letters, capitals, digits, others. */
  new_password: string;
  /** The password so far. */
  password: string;
};

/** The caller's own password and a code of their second factor. */
export type OwnProof = {
  /** A code of the app, or a recovery code. */
  code: string;
  /** The password. */
  password: string;
};

/** The bytes of a pack. */
export type PackFile = string;

/** What an alarm panel tells of itself. */
export type Panel = {
  /** Whether it still counts: not older than two looks. */
  fresh: boolean;
  /** When it was read. */
  measured_at: string | null;
  /** The resource it was read from; empty where it was never read. */
  source: string;
  status: PanelStatus | null;
};

/** An account on an alarm panel. */
export type PanelAccount = {
  because: WhyAccount | null;
  /** Its id. */
  id: string;
  /** Which password it has. */
  password: AccountPassword;
  person: AccountPerson | null;
  /** Why the panel did not take it, or its password. */
  reason_code: string | null;
  /** What it is: of a person's account `installer_admin`, `installer`, `owner` or `operator`, else what the panel says. */
  role: string;
  /** Since when it is there, wanted, being removed, or was found. */
  since: string;
  /** Where it stands. */
  state: PanelAccountState;
  /** The user name on the panel. */
  user_name: string;
};

/** Who can enter an alarm panel. */
export type PanelAccountList = {
  /** The accounts, by user name. */
  items: PanelAccount[];
  /** How the comparing stands. */
  state: PanelAccountsState;
};

export type PanelAccountState = "adding" | "waiting_for_sign_in" | "there" | "refused" | "removing" | "unexpected";

/** How the comparing of a panel stands. */
export type PanelAccountsState = {
  /** When the accounts were last read from the panel. */
  checked_at: string | null;
  /** When they are compared next. */
  due_at: string;
  /** Whether it is leaving the platform. */
  leaving: boolean;
  method: AccountMethod | null;
  /** Why the last comparison did not get to the end. */
  reason_code: string | null;
};

/** An area: zones that are armed and disarmed together. */
export type PanelArea = {
  /** Whether it is in alarm. */
  alarm: boolean | null;
  /** `disarmed`, `stay`, `away`, `arming`, or the panel's own word. */
  arm: string | null;
  /** Whether it is in use. */
  enabled: boolean | null;
  /** Its number, from 1. */
  id: number;
  /** Its name; may be empty. */
  name: string;
};

/** Which area a command is for. */
export type PanelAreaCommand = {
  /** The area's number, from 1; null or left out: all areas. */
  area?: number | null;
};

/** What is armed, and how. */
export type PanelArming = {
  /** The area's number, from 1; null or left out: all areas. */
  area?: number | null;
  /** How. */
  mode: ArmMode;
};

/** A battery of the panel itself. */
export type PanelBattery = {
  /** The panel's number for it. */
  id: number | null;
  /** Its charge. */
  percent: number | null;
  /** The panel's own word. */
  state: string | null;
};

/** A panel's leaving of the platform. */
export type PanelExit = {
  /** When the panel was deleted. */
  begun_at: string;
  /** The device it was. */
  device_id: string;
  /** Its name; may be empty. */
  device_name: string;
  /** When the exit ended. */
  ended_at: string | null;
  /** The name of who gave it up; null where nobody did. */
  ended_by: string | null;
  /** Its id. */
  id: string;
  /** Its model; may be empty. */
  model: string;
  /** Why it does not go on, or why it did not when it was given up. */
  reason_code: string | null;
  /** Its short serial, where known. */
  serial: string | null;
  /** The name of its site. */
  site_name: string;
  /** Where the exit stands. */
  state: PanelExitState;
  /** User names that are not known to be off yet. */
  waiting_for: string[];
};

/** A page of exits. */
export type PanelExitPage = {
  /** The exits, newest first. */
  items: PanelExit[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** An exit with what proves it. */
export type PanelExitProof = PanelExit & {
  /** What the panel listed at the end; of an exit that was given up, what is believed to be on it. */
  remaining: ExitRemaining[];
  /** What was taken off since the panel was deleted, latest first, each as read back from the panel. */
  removed: ExitRemoval[];
};

export type PanelExitState = "running" | "clean" | "given_up" | "superseded";

/** A panel's ways to the outside: `up`, `down`, `absent`, or the panel's own word. */
export type PanelLinks = {
  /** The network cable. */
  cable: string | null;
  /** The mobile network. */
  cellular: string | null;
  /** Wi-Fi. */
  wifi: string | null;
};

/** An account of a person on an alarm panel. */
export type PanelOfStaff = {
  /** The panel. */
  device_id: string;
  /** Its name; may be empty. */
  device_name: string;
  /** As what. */
  role: string;
  /** Since when. */
  since: string;
  /** The name of its site. */
  site_name: string;
  /** Where the account stands. */
  state: PanelAccountState;
  /** The user name on the panel. */
  user_name: string;
};

/** Something else on a panel's radio or bus. */
export type PanelPeripheral = {
  /** Whether the panel calls its battery low. */
  battery_low: boolean | null;
  /** Charge of its battery. */
  battery_percent: number | null;
  /** The panel's number for it, among its kind. */
  id: number;
  /** `siren`, `keypad`, `output_module`, `output`, `repeater`, `card_reader`, `remote`, `extension`, `transmitter`, or the panel's own word. */
  kind: string;
  /** Its name; may be empty. */
  name: string;
  /** Whether the panel does not hear it. */
  offline: boolean | null;
  /** Strength of its radio, 0 to 255. */
  signal: number | null;
  /** The panel's own word for its state. */
  state: string | null;
  /** Whether its case is open. */
  tamper: boolean | null;
};

/** What an alarm panel tells of itself at one moment. */
export type PanelStatus = {
  /** Its areas. */
  areas: PanelArea[] | null;
  /** Its own batteries. */
  batteries: PanelBattery[] | null;
  links: PanelLinks | null;
  /** Whether mains power is there. */
  mains: boolean | null;
  /** What else is on its radio or bus. */
  peripherals: PanelPeripheral[] | null;
  /** Whether its own case is open, or it was torn off. */
  tamper: boolean | null;
  /** Its zones. */
  zones: PanelZone[] | null;
};

/** A zone: one detector, or one input. */
export type PanelZone = {
  /** Whether it raised an alarm. */
  alarm: boolean | null;
  /** The areas it belongs to. */
  areas: number[];
  /** Whether the panel calls its battery low. */
  battery_low: boolean | null;
  /** Charge of its battery. */
  battery_percent: number | null;
  /** Whether it is left out of the next arming. */
  bypassed: boolean | null;
  /** What detects there, in the panel's own word. */
  detector: string | null;
  /** The panel's number for it, from 0. */
  id: number;
  /** Its name; may be empty. */
  name: string;
  /** Whether the panel does not hear it. */
  offline: boolean | null;
  /** Whether it sees something just now. */
  open: boolean | null;
  /** Strength of its radio, 0 to 255. */
  signal: number | null;
  /** The panel's own word for its state. */
  state: string | null;
  /** Whether its case is open. */
  tamper: boolean | null;
};

/** The alarm panels of a person. */
export type PanelsOfStaff = {
  /** Where they have an account, the newest first. */
  items: PanelOfStaff[];
  /** Give it back for the next page of `items`; null on the last. */
  next_cursor: string | null;
  /** Give it back for the next page of `removed`; null on the last. */
  next_removed_cursor: string | null;
  /** What they were taken off, the latest first. */
  removed: RemovedFromPanel[];
};

/** A device that another hangs behind. */
export type ParentDevice = {
  /** Why. */
  because: BehindBecause;
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** Its name, or its address where it has none. */
  name: string;
};

/** Who says what a device hangs behind. */
export type ParentMode = "derived" | "alone" | "device";

export type Parting = "return" | "free";

/** How the change of a device's password goes. */
export type PasswordChange = {
  /** A code of docs/errors.md that says why it failed. */
  reason: string | null;
  /** When it was asked for. */
  requested_at: string;
  /** Where it stands. */
  state: PasswordChangeState;
};

/** The changes of a site. */
export type PasswordChangeList = {
  /** One a device; those done are told for a day. */
  items: DevicePasswordState[];
};

export type PasswordChangeState = "waiting" | "running" | "done" | "failed";

/** Which devices. */
export type PasswordChangesCreate = {
  /** Devices of the site. */
  device_ids: string[];
};

export type PersonKind = "staff" | "end_user";

/** The code of the text message. */
export type PhoneCodeConfirm = {
  /** Six digits. */
  code: string;
};

/** Which number. */
export type PhoneCodeCreate = {
  /** With its country code. */
  phone: string;
};

/** The bytes of a picture: PNG, JPEG or WebP, up to 10 MB and 20 megapixels. */
export type Picture = string;

/** What a device would be given. */
export type PlannedDevice = {
  /** The device. */
  device_id: string;
  /** Its name. */
  device_name: string;
  /** What it runs. */
  from_version: string;
  /** Its model. */
  model: string;
  /** Why it would be refused: a code as in errors; null where it would not. */
  refusal: string | null;
  /** The firmwares, in their order; none where it is refused. */
  steps: UpgradeStep[];
};

/** How a device is looked at. */
export type Polling = {
  /** When it is looked at next, about; null while its login is not tried, or its health monitoring is off. */
  next_at: string | null;
};

/** Which place. */
export type PresetChoice = {
  /** Its number. */
  preset: number;
};

/** The caller's own account. */
export type Profile = {
  /** Their daily summary by mail. */
  daily_summary: DailySummary;
  /** Their e-mail address. */
  email: string;
  /** The language they read. */
  language: MailLanguage;
  /** Their name. */
  name: string;
  /** The IANA name of their time zone. */
  time_zone: string;
  /** Their second factor. */
  two_factor: TwoFactor;
  /** Whether the company wants everybody to have one. */
  two_factor_required: boolean;
};

/** What to change; what is absent stays. */
export type ProfileUpdate = {
  daily_summary?: DailySummaryUpdate | null;
  language?: MailLanguage | null;
  /** The name. */
  name?: string | null;
  /** IANA name of the time zone. */
  time_zone?: string | null;
};

/** Why a row cannot be ticked or was not added. */
export type Reason = {
  /** A stable code, of docs/errors.md. */
  code: string;
  /** The same in English. */
  message: string;
};

/** A channel within a share. */
export type ReceivedChannel = {
  /** The channel; 0: the device itself. */
  channel: number;
  /** What the device calls the channel; null where that is not known. */
  channel_name: string | null;
  /** The device. */
  device_id: string;
  /** What it is. */
  device_kind: DeviceKind;
  /** Its name. */
  device_name: string;
  /** How it was last seen. */
  health: DeviceHealth;
  /** What the receiver may do with it. */
  permissions: SharePermission[];
  /** Its serial; null where it has none. */
  serial: string | null;
};

/** An offer to the end user. */
export type ReceivedOffer = {
  /** What is offered. */
  channels: CodeChannel[];
  /** When it was made. */
  created_at: string;
  /** Who offers. */
  giver_name: string;
  /** Its id. */
  id: string;
  /** Whether it cannot be accepted because the two accounts are in different regions. */
  region_differs: boolean;
  /** The name of the site. */
  site_name: string;
};

/** The offers that wait. */
export type ReceivedOfferList = {
  /** The offers, newest first. */
  items: ReceivedOffer[];
};

/** Channels that somebody shares with the end user. */
export type ReceivedShare = {
  /** What is shared. */
  channels: ReceivedChannel[];
  /** Since when. */
  created_at: string;
  /** Which of the two. */
  giver_kind: GiverKind;
  /** The company or person that shares. */
  giver_name: string;
  /** Its id. */
  id: string;
  /** The end user's own name for it; null where they gave none. */
  name: string | null;
  /** Its address; may be empty. */
  site_address: string;
  /** The name of the site. */
  site_name: string;
};

/** A page of what an end user receives. */
export type ReceivedSharePage = {
  /** The shares, oldest first. */
  items: ReceivedShare[];
  /** Asks for the page that follows; null on the last one. */
  next_cursor: string | null;
};

/** A device that somebody offers. */
export type ReceivedTransfer = {
  /** Since when. */
  created_at: string;
  /** The device's name; may be empty. */
  device_name: string;
  /** Who offers it. */
  giver: string;
  /** Its id. */
  id: string;
  /** Its model; may be empty. */
  model: string;
  /** Whether the two are in different regions, so that it cannot be accepted. */
  region_differs: boolean;
  /** Its serial number. */
  serial: string | null;
};

/** Where the device goes: to a site of one's own, or to a new one. */
export type ReceivedTransferAccept = {
  /** A site of one's own. */
  site_id?: string | null;
  /** The name of a new one, which no company serves. */
  site_name?: string | null;
};

/** A device that is one's own. */
export type ReceivedTransferAccepted = {
  /** The device. */
  device_id: string;
  /** The site that it is on. */
  site_id: string;
};

/** Devices that wait for one's answer. */
export type ReceivedTransferList = {
  /** Newest first. */
  items: ReceivedTransfer[];
};

export type ReceiverKind = "site_managers" | "admin" | "staff" | "webhook";

/** A recording. */
export type Recording = {
  /** How many bytes it has; null where the device does not tell. */
  bytes: number | null;
  /** When it begins, by the device's clock. */
  from: string;
  /** When it ends. */
  to: string;
};

/** A page of recordings. */
export type RecordingPage = {
  /** The recordings, oldest first. */
  items: Recording[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** New recovery codes, told this once. */
export type RecoveryCodes = {
  /** Ten codes, each good once in place of a code of the app. */
  recovery_codes: string[];
};

/** Who wants an account. */
export type RegistrationCreate = {
  /** The e-mail address: a link that confirms it goes there. */
  email: string;
  /** The language to read. */
  language: MailLanguage;
  /** The person's name. */
  name: string;
  /** 8 to 64 characters, three of: small letters, capitals, digits, others. */
  password: string;
  /** Two letters of a country code. */
  region: string;
  /** IANA name of the time zone. */
  time_zone: string;
};

/** Taken; it tells nothing. */
export type RegistrationTaken = Record<string, unknown>;

/** A session of remote configuration. */
export type RemoteSession = {
  /** The device. */
  device_id: string;
  /** When it ends in any case. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** It ends after so many minutes without use. */
  idle_minutes: number;
  /** When it was opened. */
  opened_at: string;
  /** Where to open it: once, and within a minute. Only the answer that opened the session tells it. */
  url: string | null;
};

/** Sessions of remote configuration. */
export type RemoteSessionList = {
  /** One's own that are open. */
  items: RemoteSession[];
};

/** An account that was taken off an alarm panel, as read back from it. */
export type RemovedFromPanel = {
  /** The panel. */
  device_id: string;
  /** Its name then; may be empty. */
  device_name: string;
  /** When the panel was read without it. */
  removed_at: string;
  /** As what. */
  role: string;
  /** Its short serial, where known. */
  serial: string | null;
  /** The name of its site then. */
  site_name: string;
  /** The user name. */
  user_name: string;
};

export type Rental = "none" | "asked" | "agreed";

/** What there is to say to the owner. */
export type RentalAsk = {
  /** In one line. */
  remark?: string;
};

export type Repeats = "once" | "weekly";

/** How downtime was counted. */
export type ReportCounting = {
  /** While the link of a device was down. */
  links: WhileLost;
  /** Within maintenance windows. */
  maintenance: WhileMaintained;
  /** While the platform's own network was lost. */
  own_network: WhileLost;
};

/** A day of all devices. */
export type ReportDay = {
  /** Its date. */
  date: string;
  /** How it was. */
  shares: Shares;
};

/** A device of a report. */
export type ReportDevice = {
  /** When it was added: there is no time of it before. */
  added_at: string;
  /** Its firmware as it is now; may be empty. */
  firmware: string;
  /** What is known of that firmware. */
  firmware_verdict: Verdict;
  /** Its id. */
  id: string;
  /** What it is. */
  kind: DeviceKind;
  /** Seconds of the longest outage, within the span. */
  longest_outage_seconds: number;
  /** Its model; may be empty. */
  model: string;
  /** Its name, or its host where it has none. */
  name: string;
  /** How often it was offline. */
  outages: number;
  /** Its serial number. */
  serial: string | null;
  /** How it was. */
  shares: Shares;
};

/** A disk of a report. */
export type ReportDisk = {
  /** Capacity in MB. */
  capacity_mb: number | null;
  /** The device. */
  device_id: string;
  /** Its name, or its host where it has none. */
  device_name: string;
  /** The highest temperature of the span, degrees Celsius. */
  highest_celsius: number | null;
  /** Its kind in the device's words. */
  kind: string;
  /** The lowest temperature of the span, degrees Celsius. */
  lowest_celsius: number | null;
  /** The device's own name or id of the disk. */
  name: string;
  /** Its state. */
  state: DiskState;
};

/** An exception of a report. */
export type ReportException = {
  /** When it was over; null while it lasts. */
  closed_at: string | null;
  /** The device. */
  device_id: string;
  /** Its name, or its host where it has none. */
  device_name: string;
  /** What was wrong. */
  kind: ExceptionKind;
  /** When it was first seen. */
  opened_at: string;
  /** With which part: a channel number or disk id; empty for the device itself. */
  part: string;
};

/** The bytes of a file. */
export type ReportFile = string;

/** What is asked for, or granted, with the names of the devices. */
export type RequestedAsks = {
  /** Permissions for devices of the site. */
  devices: RequestedDevice[];
  /** Managing the site: it is authorized. */
  site: boolean;
};

/** A permission for a device that is asked for. */
export type RequestedDevice = {
  /** The device. */
  device_id: string;
  /** Its name; empty where it has none or is gone. */
  device_name: string;
  /** To do what. */
  permission: DevicePermission;
  /** For how long, from the moment it is granted. */
  validity: Validity;
};

/** Whose password. */
export type ResetRequest = {
  /** The account's e-mail address, in any case. */
  email: string;
};

/** Taken; it tells nothing. */
export type ResetTaken = Record<string, unknown>;

export type Right = "manage_all_sites" | "manage_assigned_sites" | "add_site" | "manage_staff" | "manage_roles" | "handover" | "view_exceptions" | "upgrade_firmware" | "remote_configuration";

/** A role. */
export type Role = {
  /** Its id. */
  id: string;
  /** How many members of staff have it. */
  members: number;
  /** Its name, unique in the company. */
  name: string;
  /** What it allows. */
  rights: Right[];
};

/** A role to make. */
export type RoleCreate = {
  /** Its name, unique in the company. */
  name: string;
  /** What it allows; not more than the caller may. */
  rights: Right[];
};

/** All roles of the company. */
export type RoleList = {
  /** The roles, by name. */
  items: Role[];
};

/** A role by its name. */
export type RoleName = {
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
};

/** What to change; what is absent stays. */
export type RoleUpdate = {
  /** Its name, unique in the company. */
  name?: string | null;
  /** What it allows, all of it; not more than the caller may. */
  rights?: Right[] | null;
};

/** A router to add. */
export type RouterCreate = {
  /** IPv4 or IPv6 address or DNS name. */
  host: string;
  /** Its name, may be empty. */
  name?: string;
  /** A port of it. Nothing need listen there: it is enough that it refuses. */
  port: number;
};

export type RowState = "new" | "duplicate_in_qr" | "on_this_site" | "on_other_site" | "unsupported_entry" | "invalid" | "address_not_allowed" | "waiting" | "running" | "added" | "failed";

/** Somebody who can be chosen. */
export type RuleChoice = {
  /** The id. */
  id: string;
  /** The name. */
  name: string;
};

/** Whom rules of a site can tell by name. */
export type RuleChoices = {
  /** Staff who may see the site's exceptions. */
  staff: RuleChoice[];
  /** The company's webhooks. */
  webhooks: RuleChoice[];
};

/** Somebody whom a rule tells. */
export type RuleReceiver = {
  /** Whether they can be told: staff who may not see the site's exceptions are told nothing. */
  able: boolean;
  /** The id of the member of staff or webhook; null: those whom the kind names. */
  id: string | null;
  /** What kind of receiver. */
  kind: ReceiverKind;
  /** Their name. */
  name: string | null;
};

/** Somebody whom a rule is to tell. */
export type RuleReceiverWrite = {
  /** With `staff` and `webhook`: which. */
  id?: string | null;
  /** What kind of receiver. */
  kind: ReceiverKind;
};

/** The configuration as the device exported it. */
export type SavedConfiguration = string;

/** What was scanned. */
export type Scan = {
  addition: Addition | null;
  import: Import | null;
  /** What it is. */
  kind: ScanKind;
  label: Label | null;
};

/** What was scanned. */
export type ScanKind = "device_export" | "sealed_qr" | "label";

/** The text of a QR code, as a browser read it. */
export type ScanText = {
  /** The text. */
  text: string;
};

/** Whose a device is. */
export type ScannedState = "yours" | "shared_with_you" | "somebody_elses" | "free" | "not_seen" | "ezviz";

/** The same hours on some days of the week. */
export type SchedulePeriod = {
  /** The days on which it begins. */
  days: Day[];
  /** When it begins, `00:00` to `23:59`. */
  from: string;
  /** When it ends, `00:01` to `24:00`; on the next day where that is not after `from`. */
  until: string;
};

export type Scheme = "http" | "https";

/** The site that the company serves from now on. */
export type ServedSite = {
  /** The site. */
  site_id: string;
};

/** An owner's invitation to serve a site. */
export type ServiceInvitation = {
  /** How many permissions for devices it has from the beginning. */
  device_permissions: number;
  /** Until when it can be accepted. */
  expires_at: string;
  /** The owner's name. */
  owner_name: string;
  /** What the owner has to say; may be empty. */
  remark: string;
  /** Whether the company manages the site from the beginning. */
  site: boolean;
  /** The name of the site. */
  site_name: string;
};

/** Which site. */
export type ServiceRequestCreate = {
  /** What there is to say to the owner. */
  remark?: string;
  /** Whether to ask for the authorization of the site at once. */
  site?: boolean;
  /** Its number, which the owner sees on the page of the site. */
  site_id: string;
};

/** Applications to serve sites. */
export type ServiceRequestList = {
  /** The applications, newest first. */
  items: GrantRequest[];
};

/** Who is signed in, and what their console needs. */
export type Session = {
  /** Their company. */
  company: Company;
  /** To be sent as `X-CSRF-Token` with everything that changes something. */
  csrf_token: string;
  /** When the session ends if nothing more is asked. */
  expires_at: string;
  /** What this server allows. */
  limits: SessionLimits;
  /** Whether their company may change the public address of the server: only the one that set it up may. */
  may_set_public_url: boolean;
  /** Seconds between two looks at a device. */
  poll_period_seconds: number;
  /** Who. */
  staff: Staff;
  /** Whether the company wants a second factor and they have none: until they set it up nothing else is open to them. */
  two_factor_enrolment_needed: boolean;
};

/** What this server allows. */
export type SessionLimits = {
  /** Whether devices on loopback may be added; for trials. */
  devices_allow_loopback: boolean;
};

/** Whether there is something to set up. */
export type Setup = {
  /** True until the company is made. */
  needed: boolean;
  /** The server's version. */
  version: string;
};

/** The Installer Admin to make. */
export type SetupAdmin = {
  /** E-mail address to sign in with. */
  email: string;
  /** Their name. */
  name: string;
  /** 8 to 64 characters, three of: small letters, capitals, digits, others. */
  password: string;
};

/** The company to make. */
export type SetupCompany = {
  /** Its name. */
  name: string;
  /** Country code of two letters, fixed from now on. */
  region: string;
};

/** What makes the company. */
export type SetupRequest = {
  /** Its Installer Admin. */
  admin: SetupAdmin;
  /** The company. */
  company: SetupCompany;
  /** How people reach this server. */
  public_url: string;
  /** The code that the server printed at its start. */
  setup_code: string;
};

export type Severity = "critical" | "warning" | "info";

/** Channels that somebody may use. */
export type Share = {
  /** What is shared. */
  channels: ReceivedChannel[];
  /** Since when. */
  created_at: string;
  /** Its id. */
  id: string;
  /** Their e-mail address. */
  receiver_email: string;
  /** Who receives it. */
  receiver_name: string;
};

/** Somebody who wants in, as the owner sees them. */
export type ShareApplication = {
  /** When it was answered or withdrawn; null while it waits. */
  answered_at: string | null;
  /** Their e-mail address. */
  applicant_email: string;
  /** The applicant's name. */
  applicant_name: string;
  /** Their phone number; null where they gave none. */
  applicant_phone: string | null;
  /** What the code offers. */
  channels: CodeChannel[];
  /** The code that was scanned. */
  code_id: string;
  /** When they applied. */
  created_at: string;
  /** Its id. */
  id: string;
  /** What that is for; may be empty. */
  label: string;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** What became of it. */
  state: AnswerState;
};

/** What the applicant gets. */
export type ShareApplicationAccept = {
  /** Channels of the same site with permissions; absent: what the code offers. */
  channels?: ChannelToShare[] | null;
};

/** A page of applications. */
export type ShareApplicationPage = {
  /** The applications, newest first. */
  items: ShareApplication[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A code as whoever made it sees it. */
export type ShareCode = {
  /** What is shared with it. */
  channels: CodeChannel[];
  /** When it was made, or a temporary one renewed. */
  created_at: string;
  /** When it was revoked; null where it was not. */
  ended_at: string | null;
  /** Until when it is good. */
  expires_at: string;
  /** Whether a password is asked for. */
  has_password: boolean;
  /** Its id. */
  id: string;
  /** How long it lasts. */
  kind: ShareCodeKind;
  /** What it is for; may be empty. */
  label: string;
  /** For how many it is; null: for as many as a channel may be shared with. */
  most_receivers: number | null;
  /** Applications that wait. */
  pending: number;
  /** Places that are taken: by applications that wait, and by those that were accepted. */
  receivers: number;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** Whether somebody may still apply. */
  standing: ShareCodeStanding;
};

/** What is shared, and for how long. */
export type ShareCodeCreate = {
  /** What is shared with it, all on one site. */
  channels: ChannelToShare[];
  /** For how many days a long-term one is good. */
  days?: number | null;
  /** How long it lasts. */
  kind: ShareCodeKind;
  /** What it is for; printed beneath it. */
  label?: string;
  /** For how many a long-term one is. */
  most_receivers?: number | null;
  /** What whoever scans it must know; long-term codes have one, temporary ones none. */
  password?: string | null;
};

export type ShareCodeKind = "temporary" | "long_term";

/** What a code is for. */
export type ShareCodeLook = {
  /** What is shared. */
  channels: CodeChannel[];
  /** Until when one may apply. */
  expires_at: string;
  /** Who shares. */
  giver_name: string;
  /** How long it lasts. */
  kind: ShareCodeKind;
  /** What it is for, in their words; may be empty. */
  label: string;
};

/** A code that was just made or renewed. Its link and pictures are given now and never again. */
export type ShareCodeMade = ShareCode & {
  /** The code with what it is for and until when printed beneath. */
  pictures: CodePictures;
  /** The link that its pictures hold. */
  url: string;
};

/** A page of codes. */
export type ShareCodePage = {
  /** The codes, newest first. */
  items: ShareCode[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What the page behind a code hands in. */
export type ShareCodeShown = {
  /** The password, where the code has one. */
  password?: string | null;
  /** What stands behind the `#` of the link. */
  token: string;
};

/** Whether somebody may still apply with a code. */
export type ShareCodeStanding = "open" | "expired" | "ended" | "full";

/** The shares of a site. */
export type ShareList = {
  /** The shares, oldest first. */
  items: Share[];
};

/** An offer as whoever made it sees it. */
export type ShareOffer = {
  /** When it was answered or taken back; null while it waits. */
  answered_at: string | null;
  /** What is offered. */
  channels: CodeChannel[];
  /** When it was made. */
  created_at: string;
  /** Its id. */
  id: string;
  /** Who it went to: the address as it was written, or the name of whoever showed their QR. */
  receiver: string;
  /** Whether it was refused by somebody of another region, who could not have accepted it. */
  region_differs: boolean;
  /** The site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** Where it stands; `void`: what it was about is gone. */
  state: AnswerState;
  /** By what. */
  way: OfferWay;
};

/** What is offered, and to whom: one of `login` and `account_token`. */
export type ShareOfferCreate = {
  /** What stands behind the `#` of the link in their own QR. */
  account_token?: string | null;
  /** What is offered: channels of one site. */
  channels: ChannelToShare[];
  /** The e-mail address of who is to have it, or their phone number where this server sends text messages. */
  login?: string | null;
};

/** A page of offers. */
export type ShareOfferPage = {
  /** The offers, newest first. */
  items: ShareOffer[];
  /** Asks for the page that follows; null on the last one. */
  next_cursor: string | null;
};

export type SharePermission = "live_view" | "playback" | "alarm" | "two_way_audio" | "ptz" | "arm" | "disarm" | "bypass" | "logs";

/** The name. */
export type ShareRename = {
  /** The end user's own name for it; an empty one takes it away. */
  name: string;
};

/** Time shared out; the four always add up to all of it. */
export type Shares = {
  /** Up as a part of up and down, in percent, rounded down to three decimals; null where nothing was seen. */
  availability_percent: number | null;
  /** Seconds seen down, or counted as down. */
  down_seconds: number;
  /** Seconds that are left out by choice. */
  excluded_seconds: number;
  /** Seconds in which nobody looked: neither up nor down. */
  unknown_seconds: number;
  /** Seconds seen up. */
  up_seconds: number;
};

/** E-mail address and password. */
export type SignIn = {
  /** The code of the second factor, or a recovery code, where one is on. */
  code?: string | null;
  /** E-mail address, in any case. */
  email: string;
  /** Password. */
  password: string;
};

/** A site. */
export type Site = {
  /** Its address; may be empty. */
  address: string;
  /** What that status allows. */
  allowed: SiteAction[];
  /** When it was made. */
  created_at: string;
  /** Its devices, counted by the state they are shown in. */
  devices: DeviceCounts;
  /** Its id. */
  id: string;
  /** Its name, unique in the company. */
  name: string;
  /** Where it stands between installer and owner. */
  status: SiteStatus;
  /** Whether time and time zone are written to the devices. */
  sync_time: boolean;
  /** IANA time zone. */
  time_zone: string;
};

export type SiteAction = "view" | "invite_owner" | "manage_devices" | "edit" | "delete" | "apply_for_authorization";

/** The app hint of a site, ready to send. */
export type SiteAppHint = {
  /** Where to get it. */
  link: string;
  /** The app's name. */
  name: string;
  /** The address as a QR code, SVG. */
  qr_svg: string;
  /** The version needed, or newer; may be empty. */
  version: string;
};

/** A site to make. */
export type SiteCreate = {
  /** Its address. */
  address?: string;
  /** Its name, unique in the company. */
  name: string;
  /** Whether to write time and time zone to the devices. */
  sync_time?: boolean;
  /** IANA time zone, e.g. `Europe/Berlin`. */
  time_zone: string;
};

/** Somebody who manages a site. */
export type SiteManager = {
  /** Why they manage it. Only `manages_site` can be given and taken here. */
  because: WhyAccount;
  /** Whether they may not sign in at present. */
  disabled: boolean;
  /** Their e-mail address. */
  email: string;
  /** Whether that time has come: they are listed and manage nothing. */
  expired: boolean;
  /** Until when they manage it; null: without an end. */
  expires_at: string | null;
  /** Their name. */
  name: string;
  /** The name of their role; null for the Installer Admin. */
  role: string | null;
  /** The id of the member of staff. */
  staff_id: string;
};

/** Somebody who is to manage sites. */
export type SiteManagerAssignment = {
  /** Until when; null: without an end. */
  expires_at: string | null;
  /** The id of the member of staff. */
  staff_id: string;
};

/** The managers of a site. */
export type SiteManagerList = {
  /** The managers, by name. */
  items: SiteManager[];
};

/** What was set. */
export type SiteManagersSet = {
  /** Who was left out: they manage every site anyway. */
  ignored: string[];
  /** How many sites have these managers now. */
  sites: number;
};

/** The managers that each of some sites is to have. */
export type SiteManagersUpdate = {
  /** Who manages each of them from now on, nobody twice. Others do not any more, except those who manage every site. */
  managers: SiteManagerAssignment[];
  /** The sites. */
  site_ids: string[];
};

/** What became of it. */
export type SiteMonitoring = {
  /** Devices for which that changed anything. */
  changed: number;
  /** Devices that were so already. */
  unchanged: number;
};

/** Which devices are to be watched or not. */
export type SiteMonitoringSet = {
  /** Devices of the site; absent: all of them. */
  device_ids?: string[] | null;
  /** On or off. */
  on: boolean;
};

/** The owner of a site. */
export type SiteOwner = {
  /** Their e-mail address. */
  email: string;
  /** Their name. */
  name: string;
  /** Since when. */
  since: string | null;
};

/** A page of sites. */
export type SitePage = {
  /** The sites, by name. */
  items: SiteSummary[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What becomes of a site. */
export type SiteParting = {
  /** Whether it goes back, or its devices become free. */
  parting: Parting;
  /** The site. */
  site_id: string;
};

/** The report of a site over a span of days. */
export type SiteReport = {
  /** Days before this one are days of UTC, for their hours are forgotten; null where all hours are known. */
  by_utc_before: string | null;
  /** Who reports. */
  company_name: string;
  /** How downtime was counted. */
  counting: ReportCounting;
  /** The same by day. */
  days: ReportDay[];
  /** The devices, by name. */
  devices: ReportDevice[];
  /** Whether the site has more devices than a report tells of. */
  devices_left_out: boolean;
  /** Disks as they are now. */
  disks: ReportDisk[];
  /** Exceptions that were open within the span, by kind. */
  exception_counts: ExceptionCount[];
  /** The newest of them. */
  exceptions: ReportException[];
  /** How many are not listed here; the CSV has them. */
  exceptions_left_out: number;
  /** The first day. */
  from: string;
  /** When it was made. */
  made_at: string;
  /** Seconds of the span in which the platform's own network was lost. */
  own_network_lost_seconds: number;
  /** Its address; may be empty. */
  site_address: string;
  /** The site. */
  site_id: string;
  /** Its name. */
  site_name: string;
  /** Its time zone: days are those of its clock. */
  time_zone: string;
  /** The last day. */
  to: string;
  /** All devices together. */
  total: Shares;
};

export type SiteStatus = "not_invited" | "not_accepted" | "not_authorized" | "authorized";

/** A site in the list. */
export type SiteSummary = {
  /** Its address; may be empty. */
  address: string;
  /** When it was made. */
  created_at: string;
  /** Its devices, counted by the state they are shown in. */
  devices: DeviceCounts;
  /** Its id. */
  id: string;
  /** Its name. */
  name: string;
  /** The name of its owner; null while it has none. */
  owner: string | null;
  /** Where it stands between installer and owner. */
  status: SiteStatus;
  /** IANA time zone. */
  time_zone: string;
};

/** What was begun. */
export type SiteTime = {
  /** How many devices are set: those whose configuration is allowed. */
  devices: number;
};

/** What to change; what is absent stays. */
export type SiteUpdate = {
  /** Its address. */
  address?: string | null;
  /** Its name, unique in the company. */
  name?: string | null;
  /** Whether to write time and time zone to the devices. */
  sync_time?: boolean | null;
  /** IANA time zone. */
  time_zone?: string | null;
};

export type SmtpSecurity = "none" | "starttls" | "implicit";

/** A member of staff. */
export type Staff = {
  /** Their e-mail address. */
  email: string;
  /** Their id. */
  id: string;
  /** Whether they are the Installer Admin. */
  is_admin: boolean;
  /** The language they read. */
  language: MailLanguage;
  /** Their name. */
  name: string;
  /** What they may do. */
  rights: Right[];
  /** The IANA name of their time zone. */
  time_zone: string;
};

/** An invitation to the company's staff. */
export type StaffInvitation = {
  /** When it was made. */
  created_at: string;
  /** The address that it goes to. */
  email: string;
  /** Until when it can be accepted. */
  expires_at: string;
  /** Its id. */
  id: string;
  /** The name of who invites; null when they are not here any more. */
  invited_by: string | null;
  /** The language of the mail, and theirs. */
  language: MailLanguage;
  /** The person's name. */
  name: string;
  /** The role they will have. */
  role: RoleName;
  /** Where it stands. */
  state: InvitationState;
};

/** Whom to invite. */
export type StaffInvitationCreate = {
  /** The e-mail address. */
  email: string;
  /** The language of the mail, and theirs. */
  language: MailLanguage;
  /** The person's name. */
  name: string;
  /** The role they will have; its rights may not exceed those of the caller. */
  role_id: string;
};

/** A page of invitations. */
export type StaffInvitationPage = {
  /** The invitations, newest first. */
  items: StaffInvitation[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A member of staff. */
export type StaffMember = {
  /** Since when they are here. */
  created_at: string;
  /** Whether they may not sign in. */
  disabled: boolean;
  /** Their e-mail address. */
  email: string;
  /** Their id. */
  id: string;
  /** Whether they are the Installer Admin. */
  is_admin: boolean;
  /** The language they read. */
  language: MailLanguage;
  /** When they were last seen, give or take a minute; null: never. */
  last_seen_at: string | null;
  /** Their name. */
  name: string;
  /** How many alarm panels have an account of theirs, or are to have one. */
  panel_accounts: number;
  /** What they may do. */
  rights: Right[];
  role: RoleName | null;
  /** How many sites are assigned to them now. */
  sites: number;
  /** The IANA name of their time zone. */
  time_zone: string;
  /** Whether they sign in with a second factor. */
  two_factor: boolean;
};

/** A page of staff. */
export type StaffPage = {
  /** The members, by name. */
  items: StaffMember[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What to change; what is absent stays. */
export type StaffUpdate = {
  /** The name. */
  name?: string | null;
  /** The role; its rights may not exceed those of the caller. */
  role_id?: string | null;
};

export type SummaryMode = "never" | "if_wrong" | "always";

/** Whether the use is paused. */
export type Suspension = {
  /** Paused from now on, or not any more. */
  on: boolean;
};

/** A day of a disk. */
export type TemperatureDay = {
  /** Its date in UTC. */
  date: string;
  /** The highest temperature, degrees Celsius. */
  highest_celsius: number;
  /** The lowest temperature, degrees Celsius. */
  lowest_celsius: number;
};

/** Every letter in every language. */
export type TemplateList = {
  /** The letters. */
  items: TemplateSample[];
};

/** A letter to look at. */
export type TemplatePreview = {
  /** What it says, as HTML, with its pictures within. */
  html: string;
  /** The letter. */
  sample: TemplateSample;
  /** What it says, as text. */
  text: string;
};

/** A letter in one language, with made-up content. */
export type TemplateSample = {
  /** The language. */
  language: MailLanguage;
  /** Its subject. */
  subject: string;
  /** What it is about. */
  template: MailTemplate;
};

export type Told = "incident_opened" | "incident_closed";

export type Topic = "reachability" | "identity" | "status" | "channels" | "disks" | "network" | "clock" | "user_check" | "capabilities" | "panel" | "smart" | "recording";

/** What became of a transfer. */
export type TransferState = "unconfirmed" | "offered" | "accepted" | "refused" | "withdrawn" | "void";

/** A change of health. */
export type Transition = {
  /** When it was seen. */
  at: string;
  /** The state before. */
  from: DeviceHealth;
  /** The state since. */
  to: DeviceHealth;
};

/** Where a person's second factor stands. */
export type TwoFactor = {
  /** Whether it is on. */
  enabled: boolean;
  /** Recovery codes that are not used yet. */
  recovery_codes_left: number;
  /** Since when. */
  since: string | null;
};

/** What the person keeps, and the session that goes on. */
export type TwoFactorConfirmed = {
  /** Ten codes, told this once, each good once in place of a code of the app. */
  recovery_codes: string[];
  /** The session under its new id. */
  session: Session;
};

/** What an authenticator app needs, told this once. */
export type TwoFactorSeed = {
  /** The seed in base32, to be typed. */
  secret: string;
  /** The same for a QR. */
  uri: string;
};

/** Why a device cannot be unbound from here. */
export type UnbindHindrance = "not_on_this_lan" | "offline" | "firmware" | "ezviz" | "several_networks";

/** Whether a device can be unbound here (R-U1, R-U2). */
export type UnbindHint = {
  /** Whether it can. */
  possible: boolean;
  reason: UnbindRefusal | null;
};

export type UnbindRefusal = "firmware" | "ezviz" | "not_on_this_lan" | "offline" | "not_bound";

/** A device to unbind. */
export type UnbindRequest = {
  /** The captcha. */
  captcha: CaptchaAnswer;
  /** Its password, which the device itself checks. */
  password: string;
  /** Its serial number. */
  serial: string;
  /** The user name on the device; `admin` unless told. */
  user_name?: string | null;
};

/** A device that is free. */
export type Unbound = {
  addition: Addition | null;
  /** `free`. */
  state: BindState;
};

export type Unwatched = "monitoring_off" | "firmware_incompatible";

/** An upgrade of one or many devices. */
export type Upgrade = {
  /** When. */
  created_at: string;
  /** Who began it. */
  created_by: string;
  /** How many of the devices that you may work on stand where. */
  devices: UpgradeTally;
  /** When it came to its end; null while it has not. */
  ended_at: string | null;
  /** So many devices that went wrong stop it. */
  error_threshold: number;
  /** Its id. */
  id: string;
  /** The names of the sites that those are on. */
  site_names: FirstNames;
  /** The stage that runs, from 0. */
  stage: number;
  /** How many stages there are. */
  stages: number;
  /** No device begins before. */
  starts_at: string;
  /** Where it stands. */
  state: UpgradeStanding;
  /** The versions that those are to run. */
  to_versions: FirstNames;
  /** Until when devices that are offline are waited for. */
  waits_until: string;
  window: UpgradeWindow | null;
};

/** An upgrade to begin. */
export type UpgradeCreate = {
  /** Also where hardware or region of the device are not known: the device itself is then the one to refuse. */
  accept_unknown?: boolean;
  /** Also where that is older than what the device runs. */
  allow_downgrade?: boolean;
  /** The devices, those that go first in front. */
  device_ids: string[];
  /** The file to install. */
  firmware_file_id?: string | null;
  schedule?: UpgradeSchedule | null;
  stages?: UpgradeStages | null;
  /** Or a version: of each device the file that fits it. Neither: the newest that fits. */
  target_version?: string | null;
};

/** A device of an upgrade. */
export type UpgradeDevice = {
  /** What became of saving its configuration: `saved`, `expired`, or a code as in errors; null until it was tried. */
  configuration: string | null;
  /** The device. */
  device_id: string;
  /** Its name. */
  device_name: string;
  /** When it came to its end. */
  ended_at: string | null;
  /** What it ran before. */
  from_version: string;
  /** Whether it is worse off than before. */
  got_worse: boolean;
  health_after: UpgradeHealth | null;
  health_before: UpgradeHealth | null;
  /** Its model. */
  model: string;
  /** How far it is with that. */
  percent: number;
  /** Why it waits or failed: a code as in errors. */
  reason_code: string | null;
  /** Its site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
  /** Its stage, from 0. */
  stage: number;
  /** When it was begun. */
  started_at: string | null;
  /** Where it stands. */
  state: UpgradeState;
  /** Which of them is under way, from 0. */
  step: number;
  /** The firmwares to install, in their order. */
  steps: UpgradeStep[];
  /** What it is to run. */
  to_version: string;
  /** When it last went on. */
  updated_at: string;
  /** The upgrade. */
  upgrade_id: string;
};

/** A page of the devices of an upgrade. */
export type UpgradeDevicePage = {
  /** The devices, in the order of stages. */
  items: UpgradeDevice[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What was wrong with a device. */
export type UpgradeException = {
  /** What. */
  kind: ExceptionKind;
  /** With which part. */
  part: string;
};

/** How a device was at one time. */
export type UpgradeHealth = {
  /** What was wrong. */
  exceptions: UpgradeException[];
  /** The word. */
  health: DeviceHealth;
};

/** Hours of the day. */
export type UpgradeHours = {
  /** From, `HH:MM`. */
  from: string;
  /** Until, `HH:MM`; earlier than `from`: on the next day. */
  until: string;
};

/** A page of upgrades. */
export type UpgradePage = {
  /** The upgrades, newest first. */
  items: Upgrade[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** What devices would be given. */
export type UpgradePlan = {
  /** Each device, in the order in which they were named. */
  devices: PlannedDevice[];
};

/** Which devices, and which firmware. */
export type UpgradePlanCreate = {
  /** Also where hardware or region of the device are not known. */
  accept_unknown?: boolean;
  /** Also where that is older than what the device runs. */
  allow_downgrade?: boolean;
  /** The devices. */
  device_ids: string[];
  /** The file to install. */
  firmware_file_id?: string | null;
  /** Or a version: of each device the file that fits it. Neither: the newest that fits. */
  target_version?: string | null;
};

/** When devices are upgraded. */
export type UpgradeSchedule = {
  /** No device begins before; absent: now. */
  starts_at?: string | null;
  /** Hours for which devices that are offline are waited for; 72 unless told. */
  wait_hours?: number | null;
  window?: UpgradeHours | null;
};

/** In which order devices are upgraded. */
export type UpgradeStages = {
  /** Devices of the first stage; a tenth unless told. */
  canaries?: number | null;
  /** So many devices that went wrong stop it; 1 unless told. */
  error_threshold?: number | null;
  /** Devices of each stage after it; 50 unless told. */
  then?: number | null;
};

export type UpgradeStanding = "running" | "stopped" | "cancelled" | "ended";

export type UpgradeState = "waiting" | "waiting_online" | "preparing" | "sending" | "installing" | "restarting" | "checking" | "done" | "failed";

/** A firmware on the way. */
export type UpgradeStep = {
  /** The file. */
  firmware_file_id: string;
  /** Its version. */
  version: string;
};

/** How many devices stand where. */
export type UpgradeTally = {
  /** All. */
  all: number;
  /** Run the new firmware. */
  done: number;
  /** Do not. */
  failed: number;
  /** Of those done: are worse off than before. */
  got_worse: number;
  /** Are being upgraded. */
  under_way: number;
  /** Wait. */
  waiting: number;
};

/** Hours of the day. */
export type UpgradeWindow = {
  /** From, `HH:MM`. */
  from: string;
  /** Until, `HH:MM`; earlier than `from`: on the next day. */
  until: string;
};

/** The last upgrades of a device. */
export type UpgradesOfDevice = {
  /** The upgrades, newest first. */
  items: UpgradeDevice[];
};

export type Validity = "1h" | "2h" | "4h" | "8h" | "permanent";

export type Verdict = "not_listed" | "fixed" | "unknown" | "review" | "vulnerable";

/** A webhook. */
export type Webhook = {
  /** When it was made. */
  created_at: string;
  /** When it last took something. */
  delivered_at: string | null;
  /** Whether anything is told. */
  enabled: boolean;
  /** Why the last try failed: a code as in errors. */
  error_code: string | null;
  /** Since when the receiver takes nothing; null while all is well. */
  failing_since: string | null;
  /** What the receiver answered last. */
  http_status: number | null;
  /** Its id. */
  id: string;
  /** The kinds of events that are told; none: all. */
  kinds: EventKind[];
  /** Its name. */
  name: string;
  /** Where it is sent to. */
  url: string;
};

/** A webhook to make. */
export type WebhookCreate = {
  /** The kinds of events that are told; none: all. */
  kinds?: EventKind[];
  /** Its name. */
  name: string;
  /** Where it is sent to: `https://` or `http://`. */
  url: string;
};

/** An event told to a webhook. */
export type WebhookDelivery = {
  /** 0, or which replay it belongs to. */
  again: number;
  /** When it happened. */
  at: string | null;
  /** How often it was tried. */
  attempts: number;
  /** When it was taken or given up. */
  ended_at: string | null;
  /** Why the last try failed: a code as in errors. */
  error_code: string | null;
  /** The number of the event, which the receiver is told as its id. */
  event_id: number;
  /** What the receiver answered last. */
  http_status: number | null;
  /** Its number. */
  id: number;
  kind: EventKind | null;
  /** Where it stands. */
  state: DeliveryState;
};

/** The webhooks of a company. */
export type WebhookList = {
  /** The webhooks, oldest first. */
  items: Webhook[];
};

/** Which range. */
export type WebhookReplay = {
  /** From here on. */
  from: string;
  /** To before here. */
  until: string;
};

/** What a replay tells. */
export type WebhookReplayed = {
  /** Events that are told once more. */
  events: number;
};

/** What a test came to. */
export type WebhookTest = {
  /** Why not: a code as in errors. */
  error_code: string | null;
  /** What the receiver answered. */
  http_status: number | null;
  /** Whether the receiver took it. */
  taken: boolean;
};

/** What to change. */
export type WebhookUpdate = {
  /** Whether anything is told. What happens while it is off is told by a replay only. */
  enabled?: boolean | null;
  /** The kinds of events that are told; none: all. */
  kinds?: EventKind[] | null;
  /** Its name. */
  name?: string | null;
  /** Where it is sent to. */
  url?: string | null;
};

/** A webhook with the key of its signatures, which is told only now. */
export type WebhookWithSecret = {
  /** The key: the receiver verifies signatures with it. */
  secret: string;
  /** The webhook. */
  webhook: Webhook;
};

export type WhileLost = "excluded" | "down";

export type WhileMaintained = "excluded" | "counted";

export type WhyAccount = "admin" | "manages_all_sites" | "manages_site" | "owns_site" | "shared";

/** Why somebody reaches a site. */
export type WhyReached = "admin" | "all_sites" | "assigned";
