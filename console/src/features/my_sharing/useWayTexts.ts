// What a way to share is called, and what it is like: by a number too, where text messages are sent.
import { useTranslation } from "react-i18next";
import { useTextsAreSent } from "../my_account/useTextsAreSent";

export type Way = "login" | "temporary" | "scan" | "long_term";

export function useWayTexts(): (way: Way) => { name: string; hint: string } {
  const { t } = useTranslation();
  const numbers = useTextsAreSent();
  return (way) => (way === "login" && numbers
    ? { name: t("sharing.way_login_number"), hint: t("sharing.way_login_number_hint") }
    : { name: t(`sharing.way_${way}`), hint: t(`sharing.way_${way}_hint`) });
}
