// The proof itself, on the screen and on paper alike.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../api/clock";
import type { PanelExitProof } from "../../api/types";
import { Mark } from "../../shell/Logo";
import { formatInstant } from "../../texts/times";
import { useSession } from "../session/session";
import { ExitBadge } from "./ExitBadge";
import { exitName } from "./exitState";

export function ProofSheet({ exit }: { exit: PanelExitProof }) {
  const { t, i18n } = useTranslation();
  const { company, staff } = useSession();
  const at = (instant: string | null) => (instant ? formatInstant(instant, i18n.language) : "–");
  const role = (word: string) => t(`account_role.${word}`, { defaultValue: word });
  const facts: [string, string][] = [
    [t("exit.company"), company.name],
    [t("exit.panel"), exitName(exit, t("devices.unnamed"))],
    [t("devices.model"), exit.model || "–"],
    [t("devices.serial"), exit.serial ?? "–"],
    [t("exit.site"), exit.site_name],
    [t("exit.deleted"), at(exit.begun_at)],
    ...(exit.ended_at ? [[t(`exit.ended_${exit.state}`), at(exit.ended_at)] as [string, string]] : []),
    ...(exit.ended_by ? [[t("exit.ended_by"), exit.ended_by] as [string, string]] : []),
  ];
  return (
    <article className="card proof" aria-labelledby="proof-title">
      <header className="proof-head">
        <div className="grow">
          <h2 id="proof-title">{t(`exit.title_${exit.state}`)}</h2>
          <Text c="dimmed">{company.name}</Text>
        </div>
        <Mark size={36} />
      </header>
      <p className="proof-word"><ExitBadge state={exit.state} /> <span>{sentence()}</span></p>
      <dl className="rows proof-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <h3>{t("exit.removed_title")}</h3>
      {exit.removed.length === 0 ? <Text c="dimmed">{t("exit.removed_none")}</Text> : (
        <table className="table table-stack">
          <thead>
            <tr>
              <th scope="col">{t("exit.person")}</th><th scope="col">{t("exit.user_name")}</th>
              <th scope="col">{t("exit.role")}</th><th scope="col">{t("exit.removed_at")}</th>
            </tr>
          </thead>
          <tbody>
            {exit.removed.map((one) => (
              <tr key={one.user_name + one.removed_at}>
                <th scope="row">{one.person_name || t("exit.nobodys")}</th>
                <td data-label={t("exit.user_name")} className="mono">{one.user_name}</td>
                <td data-label={t("exit.role")}>{role(one.role)}</td>
                <td data-label={t("exit.removed_at")}><time dateTime={one.removed_at}>{at(one.removed_at)}</time></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>{t(exit.state === "running" ? "exit.left_now" : "exit.left")}</h3>
      {left()}
      <footer className={`proof-foot${exit.state === "clean" ? "" : " only-print"}`}>
        {exit.state === "clean" && exit.ended_at ? <Text>{t("exit.read_back", { at: at(exit.ended_at) })}</Text> : null}
        <Text size="sm" c="dimmed" className="only-print">
          {t("exit.printed", { at: at(new Date(serverNow()).toISOString()), name: staff.name })}
        </Text>
      </footer>
    </article>
  );

  function sentence(): string {
    if (exit.state === "clean") return t("exit.word_clean", { company: company.name });
    return t(`exit.word_${exit.state}`);
  }

  function left() {
    const read = exit.remaining.map(({ user_name, role: word }) => `${user_name} · ${role(word)}`);
    if (exit.state === "running") return <Names names={exit.waiting_for} none={t("exit.left_reading")} />;
    if (exit.state === "given_up" || exit.state === "superseded") return <Names names={[...new Set([...exit.waiting_for, ...read])]} none={t("exit.left_unknown")} />;
    return <Names names={read} none={t("exit.left_none")} hint={t("exit.left_hint")} />;
  }
}

function Names({ names, none, hint }: { names: string[]; none: string; hint?: string }) {
  if (names.length === 0) return <Text>{none}</Text>;
  return (
    <>
      {hint ? <Text size="sm" c="dimmed">{hint}</Text> : null}
      <ul className="plain-text-list">{names.map((name) => <li key={name} className="mono">{name}</li>)}</ul>
    </>
  );
}
