// What is known of a device, grouped; each group with its source and age.
import { IconListDetails } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type * as F from "../../api/facts";
import type { Device, Topic } from "../../api/types";
import { Empty } from "../../ui/Empty";
import { fullAddress } from "./address";
import { factRows, type Row } from "./factRows";
import { factOf } from "./facts";
import { Section } from "./Section";

const GROUPS: Topic[] = ["identity", "status", "clock", "network", "user_check", "capabilities"];

export function FactCards({ device }: { device: Device }) {
  const { t } = useTranslation();
  const reach = factOf<F.Reachability>(device, "reachability");
  const groups = GROUPS.map((topic) => ({ topic, fact: factOf<never>(device, topic) }));
  const rows: Row[] = [
    [t("devices.access"), device.link ? t("devices.via_link", { link: device.link.name }) : t("devices.direct")],
    [t("devices.host"), fullAddress(device)],
    ...(device.mac ? [[t("fact.mac"), device.mac] as Row] : []),
    ...(device.user_name ? [[t("devices.user"), device.user_name] as Row] : []),
    [t("reach.title"), reachText(reach?.value)],
  ];
  function reachText(value: F.Reachability | undefined): string {
    if (!value) return t("reach.unknown");
    const text = t(`reach.${value.state}`);
    return value.reason ? `${text}: ${t(`reach_reason.${value.reason}`, { defaultValue: value.reason })}` : text;
  }
  return (
    <>
      <div className="fact-grid">
        <Section title={t("reach.title")} fact={reach}><Rows rows={rows} /></Section>
        {groups.map(({ topic, fact }) => (fact ? (
          <Section key={topic} title={t(`fact.${topic}`)} fact={fact}>
            <Rows rows={factRows(t, topic, fact.value)} />
          </Section>
        ) : null))}
      </div>
      {device.facts.length === 0 ? <Empty Icon={IconListDetails} title={t("fact.none")} hint={t("fact.none_hint")} /> : null}
    </>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  return (
    <dl className="rows">
      {rows.map(([name, value], index) => (
        <div key={`${name}${index}`}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
