// The text of a code that something else has read.
import { Button, Stack, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

export function TextCapture({ busy, onText }: { busy: boolean; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onText(text);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label={t("scan.text_label")} description={t("scan.text_hint")} rows={5} value={text} spellCheck={false}
          autoComplete="off" classNames={{ input: "mono" }} onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="lg" loading={busy} disabled={!text.trim()}>{t("scan.read")}</Button>
      </Stack>
    </form>
  );
}
