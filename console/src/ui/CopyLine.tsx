// A text to be taken elsewhere: shown whole, copied with one tap.
import { Button, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "./copy";

interface Properties {
  label: string; text: string; large?: boolean;
  /** What is shown of it, where that is easier to read than what is copied. */
  shown?: string;
}

export function CopyLine({ label, text, large = false, shown = text }: Properties) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <div className="copy-line">
      <Text size="sm" c="dimmed">{label}</Text>
      <div className="copy-text">
        <code className={large ? "copy-large" : undefined}>{shown}</code>
        <Button
          variant="default" size="sm" leftSection={<Icon size={18} aria-hidden="true" />} aria-label={`${t("do.copy")}: ${label}`}
          onClick={() => void copyText(text).then(setCopied)}
        >
          {t(copied ? "do.copied" : "do.copy")}
        </Button>
      </div>
    </div>
  );
}
