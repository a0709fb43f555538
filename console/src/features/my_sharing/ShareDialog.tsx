// An owner shares: first what, then with whom. By account, by the code that somebody shows, or by a code that others scan.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShareCodeMade } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { CHANGED } from "./changed";
import { CodeView } from "./CodeView";
import { LongTermForm } from "./LongTermForm";
import { LongTermView } from "./LongTermView";
import { OfferForm } from "./OfferForm";
import { ScanPerson } from "./ScanPerson";
import { useWayTexts, type Way } from "./useWayTexts";
import { WayStep } from "./WayStep";
import { WhatStep } from "./WhatStep";
import type { Shared } from "./sharing";

/** Somebody whose code was read already. */
export interface Person { token: string; name: string }
interface Properties { opened: boolean; onClose: () => void; siteId?: string; deviceId?: string; person?: Person }
type Step = "what" | "ways" | Way | "made" | "done";

export function ShareDialog({ opened, onClose, siteId, deviceId, person }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const textsOf = useWayTexts();
  const [step, setStep] = useState<Step>("what");
  const [channels, setChannels] = useState<Shared[]>([]);
  const [code, setCode] = useState<ShareCodeMade | null>(null);
  const [receiver, setReceiver] = useState("");
  const changed = () => {
    for (const key of CHANGED) void client.invalidateQueries({ queryKey: [key] });
  };
  const offered = (name: string) => {
    changed();
    setReceiver(name);
    setStep("done");
  };
  const made = (next: ShareCodeMade) => {
    changed();
    setCode(next);
    setStep("made");
  };
  const back = () => setStep("ways");
  const titled = step === "what" || step === "ways" ? t("sharing.share") : step === "made" || step === "done" ? t("sharing.shared_title") : textsOf(step).name;
  return (
    <Dialog opened={opened} onClose={onClose} title={titled} size={600}>
      {/* Going back finds what was ticked. */}
      <div hidden={step !== "what"}>
        <WhatStep
          siteId={siteId} deviceId={deviceId}
          onNext={(next) => {
            setChannels(next);
            setStep(person ? "scan" : "ways");
          }}
        />
      </div>
      {step === "ways" ? <WayStep onWay={setStep} onBack={() => setStep("what")} /> : null}
      {step === "login" ? <OfferForm channels={channels} onOffered={offered} onBack={back} /> : null}
      {step === "scan" ? (
        <ScanPerson channels={channels} person={person} onOffered={offered} onBack={person ? () => setStep("what") : back} />
      ) : null}
      {step === "temporary" ? <CodeView channels={channels} onBack={back} onDone={onClose} onChanged={changed} /> : null}
      {step === "long_term" ? <LongTermForm channels={channels} onMade={made} onBack={back} /> : null}
      {step === "made" && code ? <LongTermView code={code} onDone={onClose} /> : null}
      {step === "done" ? (
        <Stack>
          <Alert role="status" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("sharing.offered", { name: receiver })}</Alert>
          <Text size="sm" c="dimmed">{t("sharing.offered_hint")}</Text>
          <Group justify="flex-end"><Button onClick={onClose}>{t("do.done")}</Button></Group>
        </Stack>
      ) : null}
    </Dialog>
  );
}
