//! The closed sets of words of the domain, as the API's description lists them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use siteward_domain::add_state::{AddState as StateOfAddition, NextStep as StepOfPerson};
use siteward_domain::availability::{WhileLost as CountingOfLoss, WhileMaintained as CountingOfMaintenance};
use siteward_domain::custody::{
    CompanyInvitationState as StateOfCompanyInvitation, Parting as PartingOfSite, Rental as RentalOfSite,
};
use siteward_domain::device::{DeviceKind as KindOfDevice, Scheme as SchemeOfDevice};
use siteward_domain::device_event::{DeviceEventKind as KindOfDeviceEvent, StreamState as StateOfStream};
use siteward_domain::device_functions::Unwatched as WhyUnwatched;
use siteward_domain::event::EventKind as KindOfEvent;
use siteward_domain::exception::{ExceptionKind as KindOfException, Severity as SeverityOfException};
use siteward_domain::exception_rule::ReceiverKind as KindOfReceiver;
use siteward_domain::firmware::{Function as FunctionOfPlatform, Verdict as VerdictOnFirmware};
use siteward_domain::grant::{
    DevicePermission as PermissionForDevice, Permission as PermissionOfGrant, RequestKind as KindOfRequest,
    RequestState as StateOfRequest, Validity as ValidityOfPermission,
};
use siteward_domain::handover::{HandoverKind as KindOfHandover, HandoverStanding as StandingOfHandover};
use siteward_domain::health::{DeviceHealth as HealthOfDevice, Topic as TopicOfFact};
use siteward_domain::import::{ImportKind as KindOfImport, ImportState as StateOfImport, RowState as StateOfRow};
use siteward_domain::incident::{BehindBecause as WhyBehind, CauseKind as KindOfCause, IncidentKind as KindOfIncident};
use siteward_domain::link::{BindState as StateOfBinding, LinkState as StateOfLink};
use siteward_domain::linkage::{
    ActionKind as KindOfLinkage, ActionState as StateOfLinkage, ArmMode as ModeOfLinkage, RuleState as StateOfRule,
    Template as TemplateOfLinkage, TroubleReason as WhyTrouble,
};
use siteward_domain::mail::{
    MailLanguage as LanguageOfMail, MailState as StateOfMail, MailTemplate as TemplateOfMail,
    SmtpSecurity as SecurityOfSmtp,
};
use siteward_domain::maintenance::Repeats as RepeatsOfWindow;
use siteward_domain::notification::{SummaryMode as ModeOfSummary, Told as ToldOfIncident};
use siteward_domain::observation::DiskState as StateOfDisk;
use siteward_domain::panel_accounts::{
    AccountMethod as MethodOfPanel, AccountState as StateOfAccount, Because as WhyOfAccount, ExitState as StateOfExit,
    PersonKind as KindOfPerson,
};
use siteward_domain::password_change::PasswordChangeState as StateOfPasswordChange;
use siteward_domain::schedule::Day as DayOfWeek;
use siteward_domain::share::{
    AnswerState as StateOfAnswer, GiverKind as KindOfGiver, OfferWay as WayOfOffer, ShareCodeKind as KindOfShareCode,
    SharePermission as PermissionOfShare,
};
use siteward_domain::site::{SiteAction as ActionOnSite, SiteStatus as StatusOfSite};
use siteward_domain::staff::{InvitationState as StateOfInvitation, Right as RightOfStaff};
use siteward_domain::unbind::UnbindRefusal as RefusalOfUnbinding;
use siteward_domain::upgrade::{UpgradeStanding as StandingOfUpgrade, UpgradeState as StateOfUpgrade};
use siteward_domain::webhook::DeliveryState as StateOfDelivery;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident, $domain:ty, $all:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(pub(crate) $domain);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let all: Vec<_> = $all.into_iter().filter_map(|word| serde_json::to_value(word).ok()).collect();
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(all)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

word!(/// Where a site stands between installer and owner.
    SiteStatus, StatusOfSite, StatusOfSite::ALL);
word!(/// What a site's status may allow.
    SiteAction, ActionOnSite, ACTIONS);
word!(/// What a device is.
    DeviceKind, KindOfDevice, KindOfDevice::ALL);
word!(/// The one word a person sees for a device.
    DeviceHealth, HealthOfDevice, HealthOfDevice::ALL);
word!(/// How HTTP reaches a device.
    Scheme, SchemeOfDevice, [SchemeOfDevice::Http, SchemeOfDevice::Https]);
word!(/// What is wrong with a device.
    ExceptionKind, KindOfException, KindOfException::ALL);
word!(/// What is known of a firmware's vulnerabilities.
    Verdict, VerdictOnFirmware, VerdictOnFirmware::ALL);
word!(/// A function that a firmware may be too old for.
    Function, FunctionOfPlatform, FunctionOfPlatform::ALL);
word!(/// Why nobody watches a device.
    Unwatched, WhyUnwatched, WhyUnwatched::ALL);
word!(/// Which part of a device a fact is about.
    Topic, TopicOfFact, TopicOfFact::ALL);
word!(/// What time means in which the platform could not look at a device.
    WhileLost, CountingOfLoss, CountingOfLoss::ALL);
word!(/// What time within a maintenance window means.
    WhileMaintained, CountingOfMaintenance, CountingOfMaintenance::ALL);
word!(/// The state of a disk.
    DiskState, StateOfDisk, StateOfDisk::ALL);
word!(/// What was scanned.
    ImportKind, KindOfImport, KindOfImport::ALL);
word!(/// Where the change of a device's password stands.
    PasswordChangeState, StateOfPasswordChange, StateOfPasswordChange::ALL);
word!(/// Where an import stands.
    ImportState, StateOfImport, StateOfImport::ALL);
word!(/// Where a row of an import stands.
    RowState, StateOfRow, StateOfRow::ALL);
word!(/// What a role allows.
    Right, RightOfStaff, RightOfStaff::ALL);
word!(/// Where an invitation to the staff stands.
    InvitationState, StateOfInvitation, StateOfInvitation::ALL);
word!(/// Where a link stands.
    LinkState, StateOfLink, StateOfLink::ALL);
word!(/// Whether a device belongs to an account, as it tells.
    BindState, StateOfBinding, StateOfBinding::ALL);
word!(/// Where adding a cloud device stands.
    AddState, StateOfAddition, StateOfAddition::ALL);
word!(/// What a person does next to add a device.
    NextStep, StepOfPerson, StepOfPerson::ALL);
word!(/// Why a device cannot be unbound from here.
    UnbindRefusal, RefusalOfUnbinding, RefusalOfUnbinding::ALL);
word!(/// Where the upgrade of one device stands.
    UpgradeState, StateOfUpgrade, StateOfUpgrade::ALL);
word!(/// Where an upgrade of one or many devices stands.
    UpgradeStanding, StandingOfUpgrade, StandingOfUpgrade::ALL);
word!(/// Where an account on an alarm panel stands.
    PanelAccountState, StateOfAccount, StateOfAccount::ALL);
word!(/// Why a person has an account on an alarm panel.
    WhyAccount, WhyOfAccount, WhyOfAccount::ALL);
word!(/// What kind of person an account is for.
    PersonKind, KindOfPerson, KindOfPerson::ALL);
word!(/// How an alarm panel keeps its accounts.
    AccountMethod, MethodOfPanel, MethodOfPanel::ALL);
word!(/// Where a panel's leaving of the platform stands.
    PanelExitState, StateOfExit, StateOfExit::ALL);
word!(/// Where a mail stands.
    MailState, StateOfMail, StateOfMail::ALL);
word!(/// A language that mails are written in.
    MailLanguage, LanguageOfMail, LanguageOfMail::ALL);
word!(/// What a mail is about.
    MailTemplate, TemplateOfMail, TemplateOfMail::ALL);
word!(/// How the connection to the mail server is kept from others.
    SmtpSecurity, SecurityOfSmtp, SecurityOfSmtp::ALL);
word!(/// What kind of thing is the cause of an incident.
    CauseKind, KindOfCause, KindOfCause::ALL);
word!(/// What is wrong with the cause of an incident.
    IncidentKind, KindOfIncident, KindOfIncident::all());
word!(/// Why a device is taken to hang behind another.
    BehindBecause, WhyBehind, WhyBehind::ALL);
word!(/// What is told of an incident.
    Told, ToldOfIncident, ToldOfIncident::ALL);
word!(/// How much something that is wrong matters.
    Severity, SeverityOfException, SeverityOfException::ALL);
word!(/// A kind of receiver of an exception rule.
    ReceiverKind, KindOfReceiver, KindOfReceiver::ALL);
word!(/// A day of the week.
    Day, DayOfWeek, DayOfWeek::ALL);
word!(/// Whether a maintenance window comes again.
    Repeats, RepeatsOfWindow, RepeatsOfWindow::ALL);
word!(/// When somebody gets a daily summary.
    SummaryMode, ModeOfSummary, ModeOfSummary::ALL);
word!(/// What happened.
    EventKind, KindOfEvent, KindOfEvent::ALL);
word!(/// Where the telling of an event stands.
    DeliveryState, StateOfDelivery, StateOfDelivery::ALL);
word!(/// What a device tells by itself.
    DeviceEventKind, KindOfDeviceEvent, KindOfDeviceEvent::ALL);
word!(/// How the event stream of a device fares.
    EventStreamState, StateOfStream, StateOfStream::ALL);
word!(/// What an action of a linkage rule is.
    LinkageActionKind, KindOfLinkage, KindOfLinkage::ALL);
word!(/// Where an action of a linkage rule that fired stands.
    LinkageActionState, StateOfLinkage, StateOfLinkage::ALL);
word!(/// How a linkage rule arms an alarm panel.
    LinkageArmMode, ModeOfLinkage, ModeOfLinkage::ALL);
word!(/// Whether a linkage rule can work.
    LinkageState, StateOfRule, StateOfRule::ALL);
word!(/// A template for linkage rules.
    LinkageTemplateKind, TemplateOfLinkage, TemplateOfLinkage::ALL);
word!(/// Why a linkage rule, or an action of it, cannot work.
    LinkageTroubleReason, WhyTrouble, WhyTrouble::ALL);
word!(/// What an invitation offers.
    HandoverKind, KindOfHandover, KindOfHandover::ALL);
word!(/// Where an invitation to own a site stands.
    HandoverState, StandingOfHandover, StandingOfHandover::ALL);
word!(/// What may be asked for on a device.
    DevicePermission, PermissionForDevice, PermissionForDevice::ALL);
word!(/// How long a permission holds, from the moment it is granted.
    Validity, ValidityOfPermission, ValidityOfPermission::ALL);
word!(/// What becomes of a site whose owner deletes their account.
    Parting, PartingOfSite, PartingOfSite::ALL);
word!(/// What a grant of an owner allows.
    GrantPermission, PermissionOfGrant, PermissionOfGrant::ALL);
word!(/// What a company applied for.
    GrantRequestKind, KindOfRequest, KindOfRequest::ALL);
word!(/// Where an application stands.
    GrantRequestState, StateOfRequest, StateOfRequest::ALL);
word!(/// Who gave a share.
    GiverKind, KindOfGiver, KindOfGiver::ALL);
word!(/// What became of an offer or an application.
    AnswerState, StateOfAnswer, StateOfAnswer::ALL);
word!(/// How an owner offers channels to somebody.
    OfferWay, WayOfOffer, WayOfOffer::ALL);
word!(/// How long a QR code to share with lasts.
    ShareCodeKind, KindOfShareCode, KindOfShareCode::ALL);
word!(/// Whether a company may pause its customer's use of a site.
    Rental, RentalOfSite, RentalOfSite::ALL);
word!(/// Where an owner's invitation of a company stands.
    CompanyInvitationState, StateOfCompanyInvitation, StateOfCompanyInvitation::ALL);
word!(/// What the receiver of a share may do.
    SharePermission, PermissionOfShare, PermissionOfShare::ALL);

/// Every action on a site.
pub(crate) const ACTIONS: [ActionOnSite; 6] = [
    ActionOnSite::View,
    ActionOnSite::InviteOwner,
    ActionOnSite::ManageDevices,
    ActionOnSite::Edit,
    ActionOnSite::Delete,
    ActionOnSite::ApplyForAuthorization,
];
