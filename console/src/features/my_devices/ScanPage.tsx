// Somebody holds a device and scans its label: whose it is, as far as it concerns them, and what they can do.
import { Button, Group, Stack } from "@mantine/core";
import { IconCircleCheck, IconDevices, IconHelpCircle, IconLock, IconShare3, type Icon } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { ServiceCentre } from "../unbind/ServiceCentre";
import { LabelScan } from "./LabelScan";
import { scanMine, type MyScan, type ScannedState } from "./shapes";

const ICONS: Record<ScannedState, Icon> = {
  yours: IconDevices, shared_with_you: IconShare3, somebody_elses: IconLock, free: IconCircleCheck, not_seen: IconHelpCircle, ezviz: IconLock,
};

export function ScanPage() {
  const { t } = useTranslation();
  const scanning = useMutation({ mutationFn: scanMine });
  return (
    <Stack gap="lg" maw={640}>
      <PageHead title={t("my_devices.scan_title")} hint={t("my_devices.scan_intro")} up={{ to: "/my/sites", text: t("my.sites") }} />
      {scanning.data ? <Result scan={scanning.data} onAgain={() => scanning.reset()} /> : (
        <div className="card">
          <Stack>
            <LabelScan busy={scanning.isPending} onText={(text) => scanning.mutate(text)} />
            <ErrorNote error={scanning.error} />
          </Stack>
        </div>
      )}
    </Stack>
  );
}

function Result({ scan, onAgain }: { scan: MyScan; onAgain: () => void }) {
  const { t } = useTranslation();
  const { state, serial, hindrance, device_id } = scan;
  const centre = hindrance === "firmware" || hindrance === "ezviz" ? hindrance : null;
  const hint = state === "somebody_elses" && hindrance && !centre ? t(`my_devices.hindrance_${hindrance}`) : t(`my_devices.state_${state}_hint`);
  return (
    <Stack>
      <div role="status">
        <Empty Icon={ICONS[state]} title={t(`my_devices.state_${state}`)} hint={`${serial}. ${hint}`}>
          <Group justify="center">
            {state === "yours" && device_id ? <Button component={Link} to={`/my/devices/${device_id}`}>{t("my_devices.open")}</Button> : null}
            {state === "shared_with_you" ? <Button component={Link} to="/my/shared">{t("my_devices.open_shared")}</Button> : null}
            {state === "somebody_elses" && !centre ? (
              <Button component={Link} to={`/my/unbind?serial=${serial}`}>{t("my_devices.unbind_start")}</Button>
            ) : null}
            <Button variant="default" onClick={onAgain}>{t("my_devices.scan_again")}</Button>
          </Group>
        </Empty>
      </div>
      {centre ? <div className="card"><ServiceCentre serial={serial} reason={centre} /></div> : null}
    </Stack>
  );
}
