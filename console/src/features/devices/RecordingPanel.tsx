// What a recorder is set to record, and how far back its recordings go.
import { useTranslation } from "react-i18next";
import type { Recording } from "../../api/facts";
import { formatInstant, secondsSince } from "../../texts/times";
import { useNow } from "../../ui/useNow";
import { factOf, type Known } from "./facts";
import { Section } from "./Section";

const DAY = 86_400;

export function RecordingPanel({ device }: { device: Known }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const fact = factOf<Recording>(device, "recording");
  if (!fact || fact.value.tracks.length === 0) return null;
  const { tracks, overwrites, oldest } = fact.value;
  const always = tracks.filter((track) => track.continuous);
  const rows: [string, string][] = [
    [t("recording.set"), t("recording.set_value", { enabled: tracks.filter((track) => track.enabled).length, all: tracks.length })],
    [t("recording.always"), always.length === 0 ? t("recording.none") : always.map((track) => track.channel).join(", ")],
    [t("recording.full"), t(`recording.overwrites_${overwrites === null ? "unknown" : overwrites ? "yes" : "no"}`)],
    [t("recording.oldest"), oldest
      ? t("recording.oldest_value", {
        at: formatInstant(oldest.at, i18n.language), channel: oldest.channel,
        days: Math.max(0, Math.floor(secondsSince(oldest.at, now) / DAY)),
      })
      : t("recording.oldest_none")],
  ];
  return (
    <Section title={t("recording.title")} fact={fact}>
      <dl className="rows">
        {rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </Section>
  );
}
