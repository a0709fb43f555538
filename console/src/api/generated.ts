// Generated from openapi.json by `npm run generate`; do not edit.

/** How the platform reaches a device. */
export type Access = "direct" | "link";

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

/** The app that a company's end users need. */
export type AppHint = {
  /** Where to get it. */
  link: string;
  /** Its name. */
  name: string;
  /** The version needed, or newer; may be empty. */
  version: string;
};

export type BindState = "unknown" | "free" | "bound";

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
  /** `ip`, `analog` or `own`. */
  source: string;
  /** Whether its picture is lost, where the device tells. */
  video_loss: boolean | null;
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
};

/** What to change; what is absent stays. */
export type CompanyUpdate = {
  app_hint?: AppHint | null;
  /** The company's name. */
  name?: string | null;
  /** How people reach this server. */
  public_url?: string | null;
  /** Age in days past which only the Admin imports an export QR; null: no limit. */
  qr_age_limit_days?: number | null;
};

/** What a firmware is too old for. */
export type Compatibility = {
  /** The functions that are lost until then. */
  functions_lost: Function[];
  /** The oldest version that has all of it. */
  minimum_version: string;
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

export type DeviceHealth = "healthy" | "faulty" | "login_failed" | "offline" | "unknown";

export type DeviceKind = "camera" | "nvr" | "dvr" | "alarm_panel" | "intercom" | "access_control" | "switch" | "unknown";

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
  /** Its state; `unknown` when it was not looked at lately. */
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

/** Something that is or was wrong with a device. */
export type Exception = {
  /** When it was seen to be over; null while it lasts. */
  closed_at: string | null;
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
  /** The device's site. */
  site_id: string;
  /** The site's name. */
  site_name: string;
};

export type ExceptionKind = "device_offline" | "login_failed" | "disk_error" | "no_disk" | "video_loss" | "channel_offline" | "firmware_vulnerable";

/** A page of exceptions. */
export type ExceptionPage = {
  /** The exceptions, newest first. */
  items: Exception[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
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

/** What is known of a firmware's vulnerabilities. */
export type FirmwareVerdict = {
  /** The records that name the model, the worst first. */
  cves: Cve[];
  /** The worst of what the records say. Never that it is safe. */
  verdict: Verdict;
};

/** A company's devices by what they run. */
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
  /** The device it is, where it is on a site of the company. */
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

export type Function = "health_monitoring" | "linkage_rules" | "remote_configuration" | "activation" | "unbinding";

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
  /** What it says, as HTML. */
  html: string;
  /** The mail. */
  mail: Mail;
  /** What it says, as text. */
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

export type MailState = "waiting" | "sending" | "sent" | "failed";

export type MailTemplate = "test" | "device_unbound" | "staff_invitation" | "password_reset" | "account_changed";

/** To whom the test mail goes. */
export type MailTest = {
  /** The address. */
  receiver: string;
};

export type NextStep = "check_label" | "check_cables" | "create_password" | "create_verification_code" | "wait" | "enter_login" | "enter_verification_code" | "upgrade" | "open_device" | "unbind" | "add" | "none";

/** Something that is wrong now. */
export type OpenException = {
  /** What. */
  kind: ExceptionKind;
  /** With which part: a channel number or disk id; empty for the device itself. */
  part: string;
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

/** The bytes of a picture: PNG, JPEG or WebP, up to 10 MB and 20 megapixels. */
export type Picture = string;

/** How a device is looked at. */
export type Polling = {
  /** When it is looked at next, about; null while its login is not tried. */
  next_at: string | null;
};

/** Why a row cannot be ticked or was not added. */
export type Reason = {
  /** A stable code, of docs/errors.md. */
  code: string;
  /** The same in English. */
  message: string;
};

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

export type Right = "manage_all_sites" | "manage_assigned_sites" | "add_site" | "manage_staff" | "manage_roles" | "handover" | "view_exceptions" | "upgrade_firmware" | "remote_configuration";

export type RowState = "new" | "duplicate_in_qr" | "on_this_site" | "on_other_site" | "unsupported_entry" | "invalid" | "address_not_allowed" | "waiting" | "running" | "added" | "failed";

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

export type Scheme = "http" | "https";

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

/** E-mail address and password. */
export type SignIn = {
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

/** A page of sites. */
export type SitePage = {
  /** The sites, by name. */
  items: SiteSummary[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
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
  /** How many devices are set. */
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

export type Topic = "reachability" | "identity" | "status" | "channels" | "disks" | "network" | "clock" | "user_check" | "capabilities";

/** A change of health. */
export type Transition = {
  /** When it was seen. */
  at: string;
  /** The state before. */
  from: DeviceHealth;
  /** The state since. */
  to: DeviceHealth;
};

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

export type Verdict = "vulnerable" | "review" | "unknown" | "fixed" | "not_listed";
