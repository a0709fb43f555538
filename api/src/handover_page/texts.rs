//! What the page of an invitation to own a site says.

use siteward_domain::device::DeviceKind;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::mail::MailLanguage;
use siteward_domain::share::{SharePermission, SharedChannel};
use siteward_domain::text::BadText;

/// The texts in one language.
pub(super) struct Texts {
    language: MailLanguage,
    pub(super) title: &'static str,
    pub(super) share_title: &'static str,
    pub(super) intro: &'static str,
    pub(super) share_intro: &'static str,
    pub(super) company: &'static str,
    pub(super) inviter: &'static str,
    pub(super) site: &'static str,
    pub(super) address: &'static str,
    pub(super) until: &'static str,
    pub(super) asked: &'static str,
    pub(super) asked_hint: &'static str,
    pub(super) nothing_asked: &'static str,
    pub(super) manage_site: &'static str,
    pub(super) rests_hint: &'static str,
    pub(super) devices: &'static str,
    pub(super) no_devices: &'static str,
    pub(super) account: &'static str,
    pub(super) signed_in_as: &'static str,
    pub(super) sign_in_intro: &'static str,
    pub(super) register_intro: &'static str,
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) region: &'static str,
    pub(super) region_hint: &'static str,
    pub(super) bad_region: &'static str,
    pub(super) password: &'static str,
    pub(super) password_wrong: &'static str,
    pub(super) code: &'static str,
    pub(super) code_hint: &'static str,
    pub(super) code_needed: &'static str,
    pub(super) locked: &'static str,
    pub(super) forgot: &'static str,
    pub(super) accept: &'static str,
    pub(super) accept_share: &'static str,
    pub(super) refuse: &'static str,
    pub(super) share_refused: &'static str,
    pub(super) done_title: &'static str,
    pub(super) done_text: &'static str,
    pub(super) done_authorized: &'static str,
    pub(super) done_resting: &'static str,
    pub(super) shared_title: &'static str,
    pub(super) shared_text: &'static str,
    pub(super) open_portal: &'static str,
    pub(super) refused_title: &'static str,
    pub(super) refused_text: &'static str,
    name_empty: &'static str,
    name_too_long: &'static str,
    name_invalid: &'static str,
}

const EN: Texts = Texts {
    language: MailLanguage::En,
    title: "Your security system is ready",
    share_title: "Devices are shared with you",
    intro: "The site below is handed over to you. When you accept, it and its devices are yours, and you decide who may do what.",
    share_intro: "You may use the devices below. They stay with the company that shares them.",
    company: "Company",
    inviter: "Invited by",
    site: "Site",
    address: "Address",
    until: "Good until",
    asked: "What the company asks you to allow",
    asked_hint: "Untick what you do not want. You can take back anything later.",
    nothing_asked: "Nothing.",
    manage_site: "Manage the site: its name, address and devices",
    rests_hint: "What you allow on single devices below rests for as long as the company may not manage the site.",
    devices: "Devices",
    no_devices: "There are none yet.",
    account: "Your account",
    signed_in_as: "You are signed in as",
    sign_in_intro: "You have an account. Sign in to accept.",
    register_intro: "You need an account to own a site. To refuse you need none.",
    email: "E-mail address",
    name: "Your name",
    region: "Country",
    region_hint: "Its two letters, for example DE.",
    bad_region: "Enter the two letters of your country.",
    password: "Password",
    password_wrong: "The password or the code is wrong.",
    code: "Code of your authenticator app",
    code_hint: "A recovery code does too.",
    code_needed: "Enter your password once more, and the code of your authenticator app.",
    locked: "Too many failed tries: try again in half an hour.",
    forgot: "Forgot the password?",
    accept: "Accept the site",
    accept_share: "Accept",
    refuse: "Refuse",
    share_refused: "This cannot be shared with you any more. Ask the company for a new invitation.",
    done_title: "The site is yours",
    done_text: "You own {site} now. {company} may not manage it until you let them.",
    done_authorized: "You own {site} now, and {company} goes on looking after it.",
    done_resting: "You own {site} now. {company} may not manage it until you let them, and what you allowed on devices rests until then.",
    shared_title: "You may use the devices",
    shared_text: "{company} shares devices of {site} with you.",
    open_portal: "Open my sites",
    refused_title: "You refused",
    refused_text: "{company} is told. Nothing has changed, and you need not do anything.",
    name_empty: "Enter your name.",
    name_too_long: "At most 128 characters.",
    name_invalid: "The name holds characters that are not allowed.",
};

const RU: Texts = Texts {
    language: MailLanguage::Ru,
    title: "Ваша система безопасности готова",
    share_title: "С вами делятся устройствами",
    intro: "Объект ниже передаётся вам. Когда вы его примете, он и его устройства станут вашими, и вы будете решать, кому что можно.",
    share_intro: "Устройствами ниже вы сможете пользоваться. Они остаются у компании, которая ими делится.",
    company: "Компания",
    inviter: "Приглашает",
    site: "Объект",
    address: "Адрес",
    until: "Действует до",
    asked: "Что компания просит разрешить",
    asked_hint: "Снимите отметку с того, чего не хотите. Всё можно отменить и позже.",
    nothing_asked: "Ничего.",
    manage_site: "Управлять объектом: название, адрес и устройства",
    rests_hint: "Разрешённое ниже на отдельных устройствах не действует, пока компании нельзя управлять объектом.",
    devices: "Устройства",
    no_devices: "Пока нет.",
    account: "Ваша учётная запись",
    signed_in_as: "Вы вошли как",
    sign_in_intro: "У вас есть учётная запись. Войдите, чтобы принять.",
    register_intro: "Чтобы владеть объектом, нужна учётная запись. Чтобы отказаться, не нужна.",
    email: "Адрес эл. почты",
    name: "Ваше имя",
    region: "Страна",
    region_hint: "Две латинские буквы, например DE.",
    bad_region: "Введите две буквы вашей страны.",
    password: "Пароль",
    password_wrong: "Пароль или код неверны.",
    code: "Код из приложения-аутентификатора",
    code_hint: "Подойдёт и код восстановления.",
    code_needed: "Введите пароль ещё раз и код из приложения-аутентификатора.",
    locked: "Слишком много неудачных попыток: повторите через полчаса.",
    forgot: "Забыли пароль?",
    accept: "Принять объект",
    accept_share: "Принять",
    refuse: "Отказаться",
    share_refused: "Этим с вами больше нельзя поделиться. Попросите компанию о новом приглашении.",
    done_title: "Объект ваш",
    done_text: "Теперь объект «{site}» ваш. Компания {company} не может управлять им, пока вы не разрешите.",
    done_authorized: "Теперь объект «{site}» ваш, а компания {company} продолжает его обслуживать.",
    done_resting: "Теперь объект «{site}» ваш. Компания {company} не может управлять им, пока вы не разрешите, и до тех пор не действует то, что вы разрешили на устройствах.",
    shared_title: "Можно пользоваться",
    shared_text: "Компания {company} делится с вами устройствами объекта «{site}».",
    open_portal: "Открыть мои объекты",
    refused_title: "Вы отказались",
    refused_text: "Компания {company} узнает об этом. Ничего не изменилось, и делать ничего не нужно.",
    name_empty: "Введите своё имя.",
    name_too_long: "Не больше 128 символов.",
    name_invalid: "В имени есть недопустимые символы.",
};

/// The texts in a language.
pub(super) fn texts(language: MailLanguage) -> &'static Texts {
    match language {
        MailLanguage::En => &EN,
        MailLanguage::Ru => &RU,
    }
}

impl Texts {
    /// Why a name is refused.
    pub(super) fn bad_name(&self, bad: &BadText) -> &'static str {
        match bad {
            BadText::Empty => self.name_empty,
            BadText::TooLong { .. } => self.name_too_long,
            BadText::Control => self.name_invalid,
        }
    }

    fn of(&self, en: &'static str, ru: &'static str) -> &'static str {
        match self.language {
            MailLanguage::En => en,
            MailLanguage::Ru => ru,
        }
    }

    /// What may be done on a device.
    pub(super) fn permission(&self, permission: DevicePermission) -> &'static str {
        match permission {
            DevicePermission::Configuration => self.of("Configure it", "Настраивать"),
            DevicePermission::LiveView => self.of("See live pictures", "Смотреть живое видео"),
            DevicePermission::Playback => self.of("See recordings", "Смотреть записи"),
        }
    }

    /// For how long.
    pub(super) fn validity(&self, validity: Validity) -> &'static str {
        match validity {
            Validity::Hours1 => self.of("for 1 hour", "1 час"),
            Validity::Hours2 => self.of("for 2 hours", "2 часа"),
            Validity::Hours4 => self.of("for 4 hours", "4 часа"),
            Validity::Hours8 => self.of("for 8 hours", "8 часов"),
            Validity::Permanent => self.of("until you end it", "пока вы не отмените"),
        }
    }

    /// What is shared of a channel.
    pub(super) fn shared(&self, channel: &SharedChannel) -> String {
        let permissions: Vec<_> = channel.permissions.iter().map(|one| self.share_permission(*one)).collect();
        let permissions = permissions.join(", ");
        match channel.channel {
            0 => permissions,
            number => format!("{} {number}: {permissions}", self.of("Channel", "Канал")),
        }
    }

    fn share_permission(&self, permission: SharePermission) -> &'static str {
        match permission {
            SharePermission::LiveView => self.of("live pictures", "живое видео"),
            SharePermission::Playback => self.of("recordings", "записи"),
            SharePermission::Alarm => self.of("alarms", "тревоги"),
            SharePermission::TwoWayAudio => self.of("two-way audio", "двусторонний звук"),
            SharePermission::Ptz => self.of("moving the camera", "поворот камеры"),
            SharePermission::Arm => self.of("arming", "постановка на охрану"),
            SharePermission::Disarm => self.of("disarming", "снятие с охраны"),
            SharePermission::Bypass => self.of("bypassing zones", "обход зон"),
            SharePermission::Logs => self.of("the log", "журнал"),
        }
    }

    /// What a device is.
    pub(super) fn kind(&self, kind: DeviceKind) -> &'static str {
        match kind {
            DeviceKind::Camera => self.of("Camera", "Камера"),
            DeviceKind::Nvr | DeviceKind::Dvr => self.of("Recorder", "Видеорегистратор"),
            DeviceKind::AlarmPanel => self.of("Alarm panel", "Охранная панель"),
            DeviceKind::Intercom => self.of("Intercom", "Домофон"),
            DeviceKind::AccessControl => self.of("Access control", "Контроль доступа"),
            DeviceKind::Switch => self.of("Switch", "Коммутатор"),
            DeviceKind::Router => self.of("Router", "Роутер"),
            DeviceKind::Unknown => self.of("Device", "Устройство"),
        }
    }
}
