// What devices would be given, step by step, and why some would not.
import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PlannedDevice, UpgradePlan } from "../../api/types";

/** Lines of either kind that are drawn; there may be a thousand. */
const MOST = 20;

export function PlanList({ plan }: { plan: UpgradePlan | null }) {
  const { t } = useTranslation();
  if (!plan) return <Text size="sm" c="dimmed">{t("upgrades.planning")}</Text>;
  const fits = plan.devices.filter(({ refusal }) => refusal === null);
  const refused = plan.devices.filter(({ refusal }) => refusal !== null);
  return (
    <section aria-label={t("upgrades.plan")} className="card">
      <Stack gap="xs">
        {fits.length > 0 ? <Text fw={600}>{t("upgrades.fits", { count: fits.length })}</Text> : <Text fw={600}>{t("upgrades.nothing_fits")}</Text>}
        {fits.length > 0 ? <ul className="line-list">{fits.slice(0, MOST).map((device) => <Line key={device.device_id} device={device} />)}</ul> : null}
        {refused.length > 0 ? <Text fw={600}>{t("upgrades.refused", { count: refused.length })}</Text> : null}
        {refused.length > 0 ? <ul className="line-list">{refused.slice(0, MOST).map((device) => <Line key={device.device_id} device={device} />)}</ul> : null}
        {refused.length > 0 && fits.length > 0 ? <Text size="sm" c="dimmed">{t("upgrades.leave_out")}</Text> : null}
      </Stack>
    </section>
  );
}

function Line({ device }: { device: PlannedDevice }) {
  const { t } = useTranslation();
  const path = [device.from_version || t("firmware.not_told"), ...device.steps.map(({ version }) => version)].join(" → ");
  return (
    <li className="line">
      <div className="grow">
        <Text size="sm" fw={550} className="wrap">{device.device_name || device.model}</Text>
        <Text size="sm" c="dimmed" className="wrap">{device.refusal ? t(`errors.${device.refusal}`) : path}</Text>
      </div>
    </li>
  );
}
