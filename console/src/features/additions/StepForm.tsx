// Chooses the form of the next step. The server names it; the state decides where one step serves several.
import type { ReactNode } from "react";
import type { Addition } from "../../api/types";
import { isWaiting } from "./additionState";
import { AddedStep, OtherSiteStep, ThisSiteStep } from "./PlaceSteps";
import { AgainStep, OfflineStep, UnknownStep, WaitStep } from "./LookSteps";
import { CodeStep, NewCodeStep, NewPasswordStep } from "./SecretSteps";
import { LoginStep } from "./LoginStep";
import { SomeoneElsesStep } from "./SomeoneElsesStep";
import { UpgradeStep } from "./UpgradeStep";

export interface StepProperties { addition: Addition; siteId: string; onClose: () => void; onScan: () => void; onByAddress: () => void }

export function StepForm(properties: StepProperties): ReactNode {
  const { addition } = properties;
  switch (addition.state) {
    case "added": return <AddedStep {...properties} />;
    case "on_this_site": return <ThisSiteStep {...properties} />;
    case "on_other_site": return <OtherSiteStep {...properties} />;
    case "someone_elses": return <SomeoneElsesStep {...properties} />;
    case "unknown": return <UnknownStep {...properties} />;
    case "offline": return <OfflineStep {...properties} />;
    default: break;
  }
  if (isWaiting(addition)) return <WaitStep {...properties} />;
  switch (addition.next) {
    case "create_password": return <NewPasswordStep {...properties} />;
    case "create_verification_code": return <NewCodeStep {...properties} />;
    case "enter_login": return <LoginStep {...properties} />;
    case "enter_verification_code": return <CodeStep {...properties} />;
    case "upgrade": return <UpgradeStep {...properties} />;
    default: return <AgainStep {...properties} />;
  }
}
