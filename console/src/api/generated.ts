// Generated from openapi.json by `npm run generate`; do not edit.

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
  /** The company's name. */
  name?: string | null;
  /** How people reach this server. */
  public_url?: string | null;
  /** Age in days past which only the Admin imports an export QR; null: no limit. */
  qr_age_limit_days?: number | null;
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

/** A device with its facts. */
export type Device = DeviceSummary & ({
  certificate: Certificate | null;
  /** Its channels, from the fact of that name; empty while none is known. */
  channels: Channel[];
  /** How its login stands. */
  credential: Credential;
  /** What is known of it, each with source and age. */
  facts: FactView[];
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

/** A page of devices. */
export type DevicePage = {
  /** The devices, by name. */
  items: DeviceSummary[];
  /** Give it back for the next page; null on the last. */
  next_cursor: string | null;
};

/** A device in a list. */
export type DeviceSummary = {
  /** Its firmware as it writes it; may be empty. */
  firmware: string;
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

export type ExceptionKind = "device_offline" | "login_failed" | "disk_error" | "no_disk" | "video_loss" | "channel_offline";

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

/** Where HTTP was found on a device. */
export type Found = {
  /** The port. */
  port: number;
  /** Plain or TLS. */
  scheme: Scheme;
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
  /** Whether it is past the company's limit (or, under a limit, of unknown age): only the Admin imports it. */
  older_than_limit: boolean;
  /** When the QR was made, as it says. */
  qr_created_at: string | null;
  /** The devices of the QR, in its order; none while its password is not given. */
  rows: ImportRow[];
  /** The site that devices are added to. */
  site_id: string;
  /** Where it stands. */
  state: ImportState;
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

/** The password of a QR. */
export type ImportPassword = {
  /** The password. */
  password: string;
};

/** A device of the QR. */
export type ImportRow = {
  /** The device it became. */
  device_id: string | null;
  found: Found | null;
  /** Its host. */
  host: string;
  /** Its place in the QR. */
  index: number;
  /** Its name; may be empty. */
  name: string;
  other_site: OtherSite | null;
  /** The port that the QR gives; 0 where it cannot be read. */
  port: number;
  reason: Reason | null;
  /** Where it stands. */
  state: RowState;
  /** The user name. */
  user_name: string;
};

export type ImportState = "password_needed" | "ready" | "running" | "done" | "expired";

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

export type Right = "manage_all_sites" | "manage_assigned_sites" | "add_site" | "manage_staff" | "manage_roles" | "handover" | "view_exceptions" | "upgrade_firmware" | "remote_configuration";

export type RowState = "new" | "duplicate_in_qr" | "on_this_site" | "on_other_site" | "unsupported_entry" | "invalid" | "address_not_allowed" | "waiting" | "running" | "added" | "failed";

/** What was scanned. */
export type Scan = {
  import: Import | null;
  /** What it is. */
  kind: ScanKind;
  label: Label | null;
};

/** What was scanned. */
export type ScanKind = "device_export" | "label";

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

/** A member of staff. */
export type Staff = {
  /** Their e-mail address. */
  email: string;
  /** Their id. */
  id: string;
  /** Whether they are the Installer Admin. */
  is_admin: boolean;
  /** Their name. */
  name: string;
  /** What they may do. */
  rights: Right[];
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
