// Shares with somebody by their e-mail address, or phone number where text messages are sent. Whether it has an account is told to nobody.
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createShareOffer } from "../../api/calls";
import { fieldError } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail, isPhone } from "../../ui/forms";
import { useTextsAreSent } from "../my_account/useTextsAreSent";
import type { Shared } from "./sharing";

interface Properties { channels: Shared[]; onOffered: (name: string) => void; onBack: () => void }

export function OfferForm({ channels, onOffered, onBack }: Properties) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const numbers = useTextsAreSent();
  const login = text.trim();
  const good = isEmail(login) || (numbers && isPhone(login));
  const offering = useMutation({ mutationFn: () => createShareOffer({ login, channels }), onSuccess: ({ receiver }) => onOffered(receiver) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (good) offering.mutate();
  };
  const refused = fieldError(i18n, offering.error, "login");
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t(numbers ? "sharing.login_or_number" : "setup.email")} required maxLength={254} data-autofocus autoFocus autoComplete="off"
          description={t(numbers ? "sharing.login_or_number_hint" : "sharing.login_hint")} inputMode={numbers ? "text" : "email"} value={text}
          error={tried && !good ? t(numbers ? "sharing.login_or_number_wrong" : "sharing.login_wrong") : refused}
          onChange={(event) => {
            offering.reset();
            setText(event.currentTarget.value);
          }}
        />
        {refused ? null : <ErrorNote error={offering.error} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>{t("do.back")}</Button>
          <Button type="submit" loading={offering.isPending}>{t("sharing.offer")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
