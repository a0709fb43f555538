// A refusal, said in the reader's language, with a way to try again where that makes sense.
import { Alert, Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { errorText } from "../texts/errors";

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t, i18n } = useTranslation();
  if (!error) return null;
  return (
    <Alert role="alert" className="note note-bad" icon={<IconAlertCircle aria-hidden="true" />}>
      {errorText(i18n, error)}
      {onRetry ? (
        <Button variant="default" size="sm" mt="sm" onClick={onRetry} display="block">{t("do.retry")}</Button>
      ) : null}
    </Alert>
  );
}
