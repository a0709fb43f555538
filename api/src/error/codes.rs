//! Every stable error code of the API with its HTTP status and meaning: the one table that docs/errors.md lists.

/// A stable error code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The code itself, snake_case; clients translate by it.
    pub code: &'static str,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// What it means, in English; the message unless a better one is given.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $status:literal, $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: &Code = &Code { code: $code, status: $status, meaning: $meaning };
        )*
        /// Every code.
        pub const ALL: &[&Code] = &[$($name),*];
    };
}

codes! {
    // The request itself
    BAD_REQUEST = "bad_request", 400, "The request is malformed.";
    BAD_JSON = "bad_json", 400, "The body is not the JSON that is expected here.";
    BAD_CURSOR = "bad_cursor", 400, "The cursor is not one that this list gave out.";
    BAD_QUERY = "bad_query", 400, "A query parameter is unknown or out of its range.";
    NOT_FOUND = "not_found", 404, "There is no such thing, or it is not yours.";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "This address does not take that method.";
    BODY_TOO_LARGE = "body_too_large", 413, "The body is larger than allowed.";
    UNSUPPORTED_CONTENT = "unsupported_content", 415, "This kind of content is not taken here.";
    STALE = "changed_meanwhile", 409, "Somebody else changed this at the same time; load it again.";
    FIELD_INVALID = "field_invalid", 422, "A field is not valid; details name it.";
    TOO_MANY_REQUESTS = "too_many_requests", 429, "Too many requests; try again later.";
    INTERNAL = "internal_error", 500, "Something went wrong inside; the request id finds it in the log.";
    UNAVAILABLE = "unavailable", 503, "The database is not available just now; try again in a moment.";

    // Who is asking
    NOT_SIGNED_IN = "not_signed_in", 401, "Sign in first.";
    SIGN_IN_REFUSED = "sign_in_refused", 401, "E-mail or password is wrong.";
    SECOND_FACTOR_NEEDED = "second_factor_needed", 401, "The code of the second factor is needed too.";
    ACCOUNT_LOCKED = "account_locked", 423, "Too many failed sign-ins: the account is locked for a while.";
    RIGHT_MISSING = "right_missing", 403, "You do not have the right to do this.";
    CSRF_MISSING = "csrf_missing", 403, "The X-CSRF-Token header is missing or wrong.";
    TWO_FACTOR_ENROLMENT_NEEDED = "two_factor_enrolment_needed", 403, "The company wants a second factor: set it up first.";
    OWN_PASSWORD_WRONG = "own_password_wrong", 422, "Your own password is wrong.";
    TWO_FACTOR_CODE_NEEDED = "two_factor_code_needed", 422, "The code of your second factor is needed.";
    TWO_FACTOR_CODE_WRONG = "two_factor_code_wrong", 422, "The code is wrong, used already, or too old.";
    TWO_FACTOR_ON = "two_factor_on", 409, "The second factor is on already.";
    TWO_FACTOR_OFF = "two_factor_off", 409, "The second factor is not on.";
    TWO_FACTOR_NOT_BEGUN = "two_factor_not_begun", 409, "Begin setting up the second factor first.";
    TWO_FACTOR_REQUIRED = "two_factor_required", 409, "The company wants a second factor: it cannot be turned off.";
    TWO_FACTOR_FIRST = "two_factor_first", 409, "Set up your own second factor first.";

    // Set-up and company
    SETUP_DONE = "setup_done", 409, "The set-up has been done already.";
    SETUP_CODE_WRONG = "setup_code_wrong", 403, "The set-up code is wrong; the server prints it when it starts.";
    WEAK_PASSWORD = "weak_password", 422, "The password is too weak.";
    EMAIL_INVALID = "email_invalid", 422, "This is not an e-mail address.";
    REGION_INVALID = "region_invalid", 422, "The region is a country code of two letters.";
    PUBLIC_URL_INVALID = "public_url_invalid", 422, "The public address is http:// or https:// and a host.";
    NAME_EMPTY = "name_empty", 422, "A name is needed.";
    NAME_TOO_LONG = "name_too_long", 422, "The name is longer than 128 characters.";
    TEXT_INVALID = "text_invalid", 422, "Control characters are not allowed.";

    // Staff
    EMAIL_TAKEN = "email_taken", 409, "There is an account with this e-mail address already.";
    PHONE_TAKEN = "phone_taken", 409, "Another account has this phone number.";
    PHONE_INVALID = "phone_invalid", 422, "This is not a phone number with its country code, such as +48 600 100 200.";
    PHONE_NOT_CONFIRMED = "phone_not_confirmed", 422, "No phone number can be confirmed here: write the e-mail address.";
    SMS_NOT_SET = "sms_not_set", 409, "This server sends no text messages.";
    PHONE_CODE_WRONG = "phone_code_wrong", 422, "This is not the code of the text message.";
    PHONE_CODE_OVER = "phone_code_over", 409, "The code is too old, or was wrong too often: ask for another.";
    STAFF_EMAIL_TAKEN = "staff_email_taken", 409, "An account has this e-mail address already.";
    OWN_ACCOUNT = "own_account", 409, "Nobody does this to their own account.";
    IS_ADMIN = "is_admin", 409, "The Installer Admin stays, and has no role: the Admin hands the role over first.";
    STAFF_DISABLED = "staff_disabled", 409, "This member of staff may not sign in; enable them first.";
    INVITATION_OPEN = "invitation_open", 409, "This address has an open invitation: send that again, or cancel it.";
    INVITATION_ENDED = "invitation_ended", 409, "The invitation was accepted, taken back, or replaced by another.";
    EXPIRES_IN_PAST = "expires_in_past", 422, "The end of an assignment lies in the past.";
    ROLE_NAME_TAKEN = "role_name_taken", 409, "Another role of the company has this name.";
    ROLE_IN_USE = "role_in_use", 409, "Somebody has this role, or is invited to it; details tell how many.";
    ROLES_TOO_MANY = "roles_too_many", 409, "The company has 100 roles, which is the most.";

    // Handing sites over
    HANDOVER_OPEN = "handover_open", 409, "Somebody is invited already: send that invitation again, correct it, or cancel it.";
    HANDOVER_ENDED = "handover_ended", 409, "The invitation was accepted, refused, taken back, or is too old.";
    SITE_HAS_NO_DEVICES = "site_has_no_devices", 409, "The site has no devices: nothing can be asked for on them.";
    SHARE_EXISTS = "share_exists", 409, "They have what is offered already.";
    SHARE_CHANNEL_FULL = "share_channel_full", 409, "A channel is shared with as many accounts as it may be.";
    SHARE_RECEIVER_FULL = "share_receiver_full", 409, "The account receives from as many others as it may.";
    SHARE_EMPTY = "share_empty", 409, "Nothing of what is to be shared is there any more.";
    SHARE_TOO_MANY_CHANNELS = "share_too_many_channels", 409, "A share would get more channels than one may have.";
    REGION_DIFFERS = "region_differs", 409, "The two accounts are in different regions.";
    SHARE_FIRMWARE_TOO_OLD = "share_firmware_too_old", 409, "The firmware of a device is too old for it to be shared.";
    SHARE_WITH_ONESELF = "share_with_oneself", 409, "That is yourself.";
    SHARE_OFFERS_FULL = "share_offers_full", 409, "As many offers wait for an answer as may.";
    SHARE_OFFER_ANSWERED = "share_offer_answered", 409, "The offer was answered or taken back already.";
    SHARE_CODE_ENDED = "share_code_ended", 410, "The code is not good any more: ask for a new one.";
    SHARE_CODE_EXPIRED = "share_code_expired", 410, "The time of the code is over: ask for a new one.";
    SHARE_CODE_FULL = "share_code_full", 409, "As many have applied with this code as may.";
    SHARE_CODE_OWN = "share_code_own", 409, "The code is your own.";
    SHARE_CODE_PASSWORD_NEEDED = "share_code_password_needed", 422, "The code has a password: give it, too.";
    SHARE_CODE_PASSWORD_WRONG = "share_code_password_wrong", 422, "The password of the code is wrong.";
    SHARE_CODE_LOCKED = "share_code_locked", 423, "Too many wrong passwords: the code is locked for your network for a while.";
    SHARE_CODES_TOO_MANY = "share_codes_too_many", 409, "You have as many codes as you may: revoke one first.";
    SHARE_APPLICATION_EXISTS = "share_application_exists", 409, "You applied with this code already.";
    SHARE_APPLICATION_TOO_OFTEN = "share_application_too_often", 409, "You applied with this code as often as you may.";
    SHARE_APPLICATION_ENDED = "share_application_ended", 409, "It was answered or withdrawn already.";
    ACCOUNT_CODE_ENDED = "account_code_ended", 410, "The code is not good any more: let them show a new one.";

    // Companies come and go
    RENTAL_NOT_POSSIBLE = "rental_not_possible", 409, "The site has no owner to agree to rental, or they were asked already.";
    RENTAL_NOT_AGREED = "rental_not_agreed", 409, "The owner did not agree to rental.";
    SITE_SUSPENDED = "site_suspended", 409, "The company has paused the use of this site.";
    SITE_NOT_SERVED = "site_not_served", 409, "No company serves this site.";
    SITE_SERVED_ALREADY = "site_served_already", 409, "Your company serves this site already.";
    SITE_DEVICES_TAKEN = "site_devices_taken", 409, "Your company has a device of this site on another site: delete it there first.";
    COMPANY_INVITATION_OPEN = "company_invitation_open", 409, "A company is invited already: cancel that invitation first.";
    SERVICE_INVITATION_ENDED = "service_invitation_ended", 409, "The invitation was accepted, refused, taken back, or is too old.";
    SERVICE_INVITATION_GONE = "service_invitation_gone", 410, "This invitation is not good any more. Ask who sent it for a new one.";

    // Permissions of owners
    NOT_SHARED = "not_shared", 409, "That is not among what is shared with you.";
    RECORDING_TOO_LARGE = "recording_too_large", 422, "The recording is larger than 2 GiB, which is the most.";
    PERMISSION_MISSING = "permission_missing", 409, "The owner of the site does not allow that now; details tell which permission is missing.";
    GRANT_OVER = "grant_over", 409, "The permission is over already.";
    REQUEST_ENDED = "request_ended", 409, "The request was answered, withdrawn, or is void.";
    REQUEST_OPEN = "request_open", 409, "A request of this kind waits for the owner already.";
    REQUESTS_WAITING = "requests_waiting", 409, "Enough requests for this site wait for the owner already.";

    // Sites
    SITE_NAME_TAKEN = "site_name_taken", 409, "Another site of the company has this name.";
    ADDRESS_TOO_LONG = "address_too_long", 422, "The address is longer than 128 characters.";
    TIME_ZONE_UNKNOWN = "time_zone_unknown", 422, "This is not an IANA time zone such as Europe/Berlin.";
    SITE_NOT_INVITED = "site_not_invited", 409, "Nobody is invited to own this site: it does not allow that now.";
    SITE_NOT_ACCEPTED = "site_not_accepted", 409, "The invitation to own this site is not accepted yet: it does not allow that now.";
    SITE_NOT_AUTHORIZED = "site_not_authorized", 409, "The owner has not authorized your company: the site does not allow that now.";
    SITE_AUTHORIZED = "site_authorized", 409, "The owner has authorized your company: the site does not allow that now.";

    // Reading a QR
    PICTURE_WITHOUT_QR = "picture_without_qr", 422, "No QR code was found in the picture.";
    PICTURE_UNREADABLE = "picture_unreadable", 422, "The picture cannot be read: PNG, JPEG or WebP is needed.";
    PICTURE_TOO_LARGE = "picture_too_large", 413, "The picture is larger than 10 MB or 20 megapixels.";
    PICTURE_TOO_SMALL = "picture_too_small", 422, "The picture is too small or too narrow.";
    QR_WRONG_KIND = "qr_wrong_kind", 422, "This is another kind of QR code.";
    QR_UNKNOWN_HEADER = "qr_unknown_header", 422, "This is not an export QR of a known app.";
    QR_BAD_BASE64 = "qr_bad_base64", 422, "The export QR is damaged: its base64 cannot be read.";
    QR_BAD_ZLIB = "qr_bad_zlib", 422, "The export QR is damaged: it cannot be inflated.";
    QR_TRUNCATED = "qr_truncated", 422, "The export QR is cut off: its end is missing.";
    QR_TOO_LONG = "qr_too_long", 422, "The text is longer than a QR code can be.";
    QR_INFLATES_TOO_MUCH = "qr_inflates_too_much", 422, "The export QR inflates to more than is allowed.";
    QR_NOT_ASCII = "qr_not_ascii", 422, "The export QR holds characters that do not belong in it.";
    QR_MALFORMED = "qr_malformed", 422, "The export QR is not built as one should be.";
    QR_TOO_MANY_DEVICES = "qr_too_many_devices", 422, "The export QR lists more than 256 devices.";
    QR_EMPTY = "qr_empty", 422, "The export QR lists no device.";
    QR_NOT_A_LABEL = "qr_not_a_label", 422, "This is not a device label.";
    QR_SERIAL_INVALID = "qr_serial_invalid", 422, "The label has no valid serial number.";
    QR_PASSWORD_NEEDED = "qr_password_needed", 422, "The QR has a password of its own, which is needed first.";
    QR_PASSWORD_WRONG = "qr_password_wrong", 422, "The password of the QR is wrong.";
    QR_SEALED_DAMAGED = "qr_sealed_damaged", 422, "The sealed QR is damaged or cut off.";
    QR_SEALED_VERSION = "qr_sealed_version", 422, "The sealed QR was made by a newer version of Siteward.";
    QR_SEALED_PARAMETERS = "qr_sealed_parameters", 422, "The sealed QR asks for a key derivation that is out of bounds.";
    QR_SEALED_WRONG_PASSWORD = "qr_sealed_wrong_password", 422, "The password does not open the sealed QR, or somebody changed it.";
    QR_SEALED_EXPIRED = "qr_sealed_expired", 422, "The last day of the sealed QR is over; make a new one.";
    QR_TOO_OLD = "qr_too_old", 403, "The QR is older than the company allows; the Installer Admin can import it.";

    // Imports
    IMPORT_EXPIRED = "import_expired", 409, "The import was not confirmed within 15 minutes; scan the QR again.";
    IMPORT_NOT_READY = "import_not_ready", 409, "The import is not waiting for that now.";
    IMPORT_FAILED = "import_failed", 422, "The import could not be finished; scan the QR again for what is missing.";
    ROWS_NOT_SELECTABLE = "rows_not_selectable", 422, "Rows were ticked that cannot be added.";
    ROW_DUPLICATE_IN_QR = "duplicate_in_qr", 422, "The same address and port stand earlier in this QR.";
    ROW_UNSUPPORTED_ENTRY = "unsupported_entry", 422, "The QR lists this device in a mode that is not supported.";
    PASSWORD_LOCKED = "password_locked", 422, "The password is sealed with another master key than the server has.";
    RECORD_FIELDS = "record_fields", 422, "This entry of the QR does not have the fields that an entry has.";
    RECORD_NAME = "record_name", 422, "The name in this entry of the QR cannot be read.";
    RECORD_MODE = "record_mode", 422, "The QR lists this device in a mode that is not supported.";
    RECORD_HOST = "record_host", 422, "The host in this entry of the QR is neither an address nor a DNS name.";
    RECORD_PORT = "record_port", 422, "The port in this entry of the QR is not 1 to 65535.";
    RECORD_CIPHERTEXT = "record_ciphertext", 422, "User name or password in this entry of the QR cannot be deciphered.";

    // Devices
    DEVICE_ON_THIS_SITE = "device_on_this_site", 409, "The device is on this site already.";
    DEVICE_ON_OTHER_SITE = "device_on_other_site", 409, "The device is on another site of your company.";
    ADDRESS_NOT_ALLOWED = "address_not_allowed", 422, "Devices at this address may not be dialled.";
    ADDRESS_INVALID = "address_invalid", 422, "The host is neither an IP address nor a DNS name.";
    ADDRESS_NOT_RESOLVED = "address_not_resolved", 422, "The host's name cannot be resolved.";
    DEVICE_UNREACHABLE = "device_unreachable", 422, "The device does not answer.";
    DEVICE_LOGIN_REFUSED = "device_login_refused", 422, "The device refused user name or password.";
    DEVICE_LOCKED = "device_locked", 422, "The device locked this account after too many failed logins.";
    DEVICE_TOO_MANY_SESSIONS = "device_too_many_sessions", 422, "The device has too many sessions just now.";
    DEVICE_CERTIFICATE_CHANGED = "device_certificate_changed", 422, "The device shows another certificate than before.";
    DEVICE_NOT_ACTIVATED = "device_not_activated", 422, "The device has never been activated: no password is set yet.";
    DEVICE_BAD_ANSWER = "device_bad_answer", 422, "What answers there is not a device that we understand.";
    DEVICE_NOT_SUPPORTED = "device_not_supported", 422, "The device does not support this.";
    DEVICE_LOW_PRIVILEGE = "device_low_privilege", 422, "The device account has not enough rights.";
    DEVICE_REFUSED = "device_refused", 422, "The device refused the request.";
    DEVICE_SOMEONE_ELSES = "device_someone_elses", 409, "The device belongs to another account.";
    DEVICE_NEEDS_LOGIN = "device_needs_login", 422, "The device wants a login.";
    PASSWORD_NEEDED = "password_needed", 422, "The address changes: give the device's password again, it is not sent to a new address by itself.";
    PASSWORD_CHANGE_RUNNING = "password_change_running", 409, "The device's password is being changed already.";
    CONFIRMATION_NEEDED = "confirmation_needed", 422, "Who has this picture has the passwords: confirm that you know.";
    DEVICE_QR_UNSUITABLE = "device_qr_unsuitable", 422, "A device cannot be written into this kind of QR; details name it.";
    REMOTE_DOMAIN_MISSING = "remote_domain_missing", 409, "The server has no domain for remote configuration: set remote.domain.";
    DEVICE_HAS_NO_LOGIN = "device_has_no_login", 409, "A router is only knocked at: it has no login, and nothing can be asked of it.";
    EXCEPTION_RULES_TOO_MANY = "exception_rules_too_many", 409, "The site has 50 rules, which is the most.";
    MAINTENANCE_WINDOWS_TOO_MANY = "maintenance_windows_too_many", 409, "The site has 100 maintenance windows that are not over, which is the most.";
    PARENT_IS_CIRCLE = "parent_is_circle", 409, "The device would hang behind itself.";
    KIND_RECOGNISED = "kind_recognised", 409, "The device's kind was recognised and cannot be set by hand.";
    MONITORING_OFF = "monitoring_off", 409, "Health monitoring of the device is switched off; switch it on first.";
    FIRMWARE_INCOMPATIBLE = "firmware_incompatible", 409, "The device's firmware is too old for this; upgrade it first. Details tell the version.";
    COMPATIBILITY_RULE_INVALID = "compatibility_rule_invalid", 422, "A rule of compatibility cannot be read; details tell which and what of it.";
    CERTIFICATE_NOT_PENDING = "certificate_not_pending", 409, "The device does not show this certificate now.";

    // Links
    ENROLMENT_CODE_WRONG = "enrolment_code_wrong", 404, "No link waits for this code: it is wrong, used already, or older than 24 hours.";
    LINK_TOKEN_WRONG = "link_token_wrong", 401, "No link has this token.";
    LINK_REVOKED = "link_revoked", 410, "The link is revoked.";
    LINK_OFFLINE = "link_offline", 409, "The link is not connected just now.";
    FORWARD_REFUSED = "forward_refused", 403, "This is not signed by a process of this server.";
    WEBSOCKET_NEEDED = "websocket_needed", 426, "This address speaks WebSocket only.";

    // Adding cloud devices
    SERIAL_INVALID = "serial_invalid", 422, "This is not a serial number: 9 characters, up to two capitals and then digits.";
    DEVICE_PASSWORD_WEAK = "device_password_weak", 422, "The password does not keep the rules for passwords of devices.";
    VERIFICATION_CODE_INVALID = "verification_code_invalid", 422, "A verification code has 6 to 12 letters and digits and is not ABCDEF.";
    ADDITION_ENDED = "addition_ended", 409, "Adding this device has ended.";
    ADDITION_NOT_READY = "addition_not_ready", 409, "Adding this device does not wait for that now.";
    ADDITION_ENDLESS = "addition_endless", 422, "The device says something else each time it is asked; check again.";
    DEVICE_OTHER_SERIAL = "device_other_serial", 422, "The device that answers there has another serial number.";

    // Unbinding
    CAPTCHA_WRONG = "captcha_wrong", 422, "The answer to the captcha is wrong, or it was used or is too old; ask for a new one.";
    UNBIND_PASSWORD_WRONG = "unbind_password_wrong", 422, "The device refused user name or password.";
    UNBIND_LOCKED = "unbind_locked", 423, "Too many wrong passwords for this device: it rests for a while.";
    UNBIND_SERVICE_CENTRE = "unbind_service_centre", 409, "This device cannot be unbound here: the maker's service centre does it.";
    DEVICE_OFFLINE = "device_offline", 409, "The device is not online.";
    NOT_ON_THIS_LAN = "not_on_this_lan", 409, "No link in the device's LAN sees it from here.";
    NOT_BOUND = "not_bound", 409, "No account has this device.";
    LAN_CODE_WRONG = "lan_code_wrong", 422, "The page in the device's network does not show this code, or not any more.";
    LAN_PAGE_OFF = "lan_page_off", 409, "The link in the device's network serves no page that shows a code.";
    SEVERAL_NETWORKS = "several_networks", 409, "Links of several companies behind your public address see this device: whose network you are in cannot be told.";
    DEVICE_IS_YOURS = "device_is_yours", 409, "This device is on a site of yours.";

    // Giving a device to somebody
    TRANSFER_OPEN = "transfer_open", 409, "The device is offered to somebody already: take that back first.";
    TRANSFER_CODE_WRONG = "transfer_code_wrong", 422, "This is not the code of the mail.";
    TRANSFER_OVER = "transfer_over", 409, "The code is too old, or was wrong too often: begin again.";
    VERIFICATION_CODE_WRONG = "verification_code_wrong", 422, "This is not the verification code of the device.";
    VERIFICATION_CODE_UNKNOWN = "verification_code_unknown", 409, "The platform does not know the verification code of this device.";

    // Alarm panels
    NOT_A_PANEL = "not_a_panel", 409, "This device is no alarm panel.";
    PANEL_ZONE_OPEN = "panel_zone_open", 409, "Zones of the panel stand open; details name them.";
    PANEL_ARMING = "panel_arming", 409, "The panel is arming just now.";
    PANEL_IN_ALARM = "panel_in_alarm", 409, "The panel is in alarm; clear it first.";
    PANEL_ARMED = "panel_armed", 409, "The panel is armed, and does not do this while it is.";
    PANEL_NO_SUCH_PART = "panel_no_such_part", 409, "The panel has no such area or zone, or it is not in use.";
    PANEL_ZONE_FIXED = "panel_zone_fixed", 409, "This zone cannot be left out.";
    PANEL_REFUSED = "panel_refused", 409, "The panel refused, and does not say why.";
    PANEL_ACCOUNT_WANTED = "panel_account_wanted", 409, "Somebody should have this account, or it is being taken off already.";
    PANEL_EXIT_ENDED = "panel_exit_ended", 409, "This exit has ended already.";
    PANEL_FULL = "panel_full", 409, "The panel has no room for another account; it is tried again every period.";
    PASSWORD_TOO_LONG_FOR_PANEL = "password_too_long_for_panel", 422, "The person's password is longer than the 16 characters that panels take.";
    PANEL_PASSWORD_REFUSED = "panel_password_refused", 422, "The panel does not take the person's password.";
    PANEL_LOGIN_ACCOUNT = "panel_login_account", 409, "It is the account that the platform itself logs in with, and is left alone.";
    PANEL_ACCOUNT_EXISTS = "panel_account_exists", 409, "The panel says that it has an account of this name, and does not list it.";
    PANEL_ACCOUNT_NOT_KNOWN = "panel_account_not_known", 409, "An answer of the panel got lost; what it did is read again.";
    PANEL_ACCOUNT_GONE = "panel_account_gone", 409, "Somebody took the account off the panel meanwhile; it is made again.";

    // Mail
    SMTP_NOT_SET = "smtp_not_set", 409, "No mail server is set: mails wait in the outbox.";
    SMTP_PASSWORD_NEEDED = "smtp_password_needed", 422, "Give the password of the mail server: the kept one is not sent to another server, port or kind of connection by itself.";
    SMTP_CERTIFICATE_INVALID = "smtp_certificate_invalid", 422, "This is not a certificate in PEM.";
    SMTP_ADDRESS_REFUSED = "smtp_address_refused", 422, "A mail server at this address may not be dialled.";
    SMTP_NOT_RESOLVED = "smtp_not_resolved", 422, "The name of the mail server cannot be resolved.";
    SMTP_UNREACHABLE = "smtp_unreachable", 422, "The mail server does not take the connection: host, port or firewall.";
    SMTP_TIMEOUT = "smtp_timeout", 422, "The mail server did not answer in time.";
    SMTP_NO_STARTTLS = "smtp_no_starttls", 422, "The mail server offers no STARTTLS: nothing was sent in the open.";
    SMTP_TLS_FAILED = "smtp_tls_failed", 422, "No trusted TLS connection with the mail server came about.";
    SMTP_LOGIN_REFUSED = "smtp_login_refused", 422, "The mail server refused user name or password.";
    SMTP_LOGIN_UNSUPPORTED = "smtp_login_unsupported", 422, "The mail server offers no login by password on this connection.";
    SMTP_BUSY = "smtp_busy", 422, "The mail server does not take mails just now.";
    SMTP_REFUSED = "smtp_refused", 422, "The mail server refused the mail.";
    SMTP_BROKEN_OFF = "smtp_broken_off", 422, "The mail server ended the conversation, or its answer makes no sense.";
    MAIL_UNSENDABLE = "mail_unsendable", 422, "This mail server cannot carry the mail: the receiver's address is not one that it takes.";
    MAIL_NOT_FAILED = "mail_not_failed", 409, "Only a mail that was given up is sent again.";

    // Webhooks
    WEBHOOK_URL_INVALID = "webhook_url_invalid", 422, "The address is https:// or http://, a host and maybe a path, without user name and fragment.";
    WEBHOOK_ADDRESS_REFUSED = "webhook_address_refused", 422, "A receiver at this address may not be dialled.";
    WEBHOOK_LIMIT_REACHED = "webhook_limit_reached", 409, "The company has 20 webhooks, which is the most.";
    WEBHOOK_DELIVERY_NOT_DEAD = "webhook_delivery_not_dead", 409, "It waits already, or was taken.";
    WEBHOOK_REPLAY_TOO_LONG = "webhook_replay_too_long", 422, "The range holds more than 10,000 events; take a shorter one.";
    WEBHOOK_REFUSED = "webhook_refused", 502, "The receiver answered with another status than 2xx.";
    WEBHOOK_NOT_RESOLVED = "webhook_not_resolved", 502, "The receiver's name cannot be resolved.";
    WEBHOOK_UNREACHABLE = "webhook_unreachable", 502, "The receiver does not take the connection.";
    WEBHOOK_TLS_FAILED = "webhook_tls_failed", 502, "No trusted TLS connection with the receiver came about.";
    WEBHOOK_TIMEOUT = "webhook_timeout", 504, "The receiver did not answer within 10 seconds.";
    WEBHOOK_BROKEN_OFF = "webhook_broken_off", 502, "The receiver ended the connection before it answered.";
    WEBHOOK_EVENT_GONE = "webhook_event_gone", 410, "The log does not hold the event any more.";
    WEBHOOK_SECRET_LOCKED = "webhook_secret_locked", 409, "The key of the signatures is sealed with another master key.";

    // Linkage rules
    LINKAGE_NO_ACTIONS = "linkage_no_actions", 422, "A linkage rule needs an action.";
    LINKAGE_TOO_MANY_ACTIONS = "linkage_too_many_actions", 422, "A linkage rule has at most 128 actions.";
    LINKAGE_TOO_MANY_RESOURCES = "linkage_too_many_resources", 422, "A linkage rule links at most 10 cameras, outputs and panels.";
    LINKAGE_TOO_MANY_CAMERA_ACTIONS = "linkage_too_many_camera_actions", 422, "One source sets off at most 4 actions of cameras, over all its rules.";
    LINKAGE_LINKS_ITS_SOURCE = "linkage_links_its_source", 422, "A linkage rule cannot link its own source; details.index tells which action does.";
    LINKAGE_ACTION_TWICE = "linkage_action_twice", 422, "An action is there twice; details.index tells which.";
    LINKAGE_ACTIONS_CONTRADICT = "linkage_actions_contradict", 422, "An action wants the opposite of another; details.index tells which.";
    LINKAGE_ACTION_INVALID = "linkage_action_invalid", 422, "An action lacks something, or has what its kind does not have; details.index tells which.";
    LINKAGE_DEVICE_NOT_ON_SITE = "linkage_device_not_on_site", 422, "A device of the rule is not on this site; details tell which.";
    LINKAGE_DEVICE_UNSUITABLE = "linkage_device_unsuitable", 422, "A device of this kind cannot do that in a linkage rule; details tell which.";
    LINKAGE_RECEIVER_UNKNOWN = "linkage_receiver_unknown", 422, "Somebody who is to be told cannot see this site; details.index tells of which action.";
    LINKAGE_RULE_EXISTS = "linkage_rule_exists", 409, "The site has a linkage rule that says the same.";
    LINKAGE_RULE_LIMIT_REACHED = "linkage_rule_limit_reached", 409, "The site has 100 linkage rules, which is the most.";
    LINKAGE_INTERRUPTED = "linkage_interrupted", 409, "The server stopped in the middle: the device may have done it. It is not asked again.";
    LINKAGE_ANSWER_LOST = "linkage_answer_lost", 409, "The answer of the device was lost: it may have done it. It is not asked again.";
    LINKAGE_TOO_LATE = "linkage_too_late", 409, "More than five minutes had passed: it was not done any more.";
    LINKAGE_TOO_OFTEN = "linkage_too_often", 409, "The rule had fired 20 times within a minute: nothing was done.";
    LINKAGE_MAIL_PACED = "linkage_mail_paced", 409, "The rule had sent a mail within the last five minutes.";
    LINKAGE_PICTURE_TOO_LARGE = "linkage_picture_too_large", 409, "The picture has more than 2 MiB and was not kept.";

    // Firmware files and upgrades
    FIRMWARE_FILE_TOO_LARGE = "firmware_file_too_large", 413, "The file is larger than the server takes.";
    FIRMWARE_FILE_EMPTY = "firmware_file_empty", 422, "The file is empty.";
    FIRMWARE_DISK_FULL = "firmware_disk_full", 507, "The disk of the server would be full.";
    FIRMWARE_LIMIT_REACHED = "firmware_limit_reached", 409, "The company has 500 firmware files, which is the most.";
    FIRMWARE_FILE_IN_USE = "firmware_file_in_use", 409, "An upgrade that runs, or another file, needs this file.";
    FIRMWARE_NOT_IN_CATALOGUE = "firmware_not_in_catalogue", 422, "The catalogue has no such firmware for this device.";
    FIRMWARE_WRONG_KIND = "firmware_wrong_kind", 422, "The file is for another kind of device.";
    FIRMWARE_WRONG_MODEL = "firmware_wrong_model", 422, "The file is for other models.";
    FIRMWARE_WRONG_HARDWARE = "firmware_wrong_hardware", 422, "The file is for other hardware.";
    FIRMWARE_HARDWARE_UNKNOWN = "firmware_hardware_unknown", 422, "The file is for certain hardware, and the device does not tell its own.";
    FIRMWARE_WRONG_REGION = "firmware_wrong_region", 422, "The file is for another region or language.";
    FIRMWARE_REGION_UNKNOWN = "firmware_region_unknown", 422, "The file is for a certain region, and that of the device is not known.";
    FIRMWARE_VERSION_UNKNOWN = "firmware_version_unknown", 422, "The device's version cannot be read, so the steps that it needs are not known.";
    FIRMWARE_DOWNGRADE = "firmware_downgrade", 422, "It is older than what the device runs; confirm that you want that.";
    UPGRADE_NOT_NEEDED = "upgrade_not_needed", 422, "The device runs this firmware already.";
    FIRMWARE_STEP_MISSING = "firmware_step_missing", 422, "A mandatory intermediate firmware is not in the catalogue.";
    FIRMWARE_STEPS_CIRCULAR = "firmware_steps_circular", 422, "Firmwares of the catalogue need each other first, or there are too many steps.";
    UPGRADE_RUNNING = "upgrade_running", 409, "The device is being upgraded already.";
    UPGRADE_ENDED = "upgrade_ended", 409, "This upgrade has ended already.";
    UPGRADE_NOTHING_FAILED = "upgrade_nothing_failed", 409, "No device of this upgrade failed.";
    UPGRADE_NOT_STOPPED = "upgrade_not_stopped", 409, "This upgrade did not stop.";
    UPGRADE_CANCELLED = "upgrade_cancelled", 409, "The upgrade was cancelled before this device was begun.";
    UPGRADE_GIVEN_UP = "upgrade_given_up", 500, "The upgrade of this device was given up.";
    UPGRADE_NOT_TAKEN = "upgrade_not_taken", 422, "The device took the file and came back with its old firmware, or never took it.";
    UPGRADE_ANSWER_LOST = "upgrade_answer_lost", 422, "The answer of the device got lost.";
    OFFLINE_AFTER_UPGRADE = "offline_after_upgrade", 422, "The device did not come back after the upgrade.";
    FIRMWARE_CHANGED_MEANWHILE = "firmware_changed_meanwhile", 409, "Somebody else changed the firmware of the device meanwhile.";
    FIRMWARE_LANGUAGE_MISMATCH = "firmware_language_mismatch", 422, "The device refused the file: it is for another language or region.";
    FIRMWARE_PACKAGE_BAD = "firmware_package_bad", 422, "The device refused the file: it is broken or not for this device.";
    FIRMWARE_VERSION_MISMATCH = "firmware_version_mismatch", 422, "The device refused the file: it does not go from its version to this one.";
    DEVICE_UPGRADING = "device_upgrading", 409, "The device is being upgraded by somebody else.";
    FIRMWARE_FILE_MISSING = "firmware_file_missing", 422, "The firmware file is not in the folder of firmware files: all servers and workers need the same folder.";
    FIRMWARE_FILE_DAMAGED = "firmware_file_damaged", 422, "The firmware file on the disk is not what was uploaded.";
}

/// Finds the entry of a code that another crate gave.
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_every_code_with_its_status() {
        let page = include_str!("../../../docs/errors.md");
        for entry in ALL {
            let row = format!("| `{}` | {} | {} |", entry.code, entry.status, entry.meaning);
            assert!(page.contains(&row), "docs/errors.md lacks the row: {row}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, ALL.len(), "docs/errors.md lists a code that is not there any more");
    }

    #[test]
    fn no_code_is_listed_twice() {
        let mut codes: Vec<_> = ALL.iter().map(|entry| entry.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
    }
}
