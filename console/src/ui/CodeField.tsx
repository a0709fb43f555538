// The code of the second factor: six digits from an app, or one of the recovery codes where those are taken.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Properties {
  value: string; onChange: (code: string) => void; error?: string;
  /** Whether a recovery code does as well. */
  recovery?: boolean;
  /** Focused when it appears: where it is the one next step. */
  focused?: boolean;
}

export function CodeField({ value, onChange, error, recovery = false, focused = false }: Properties) {
  const { t } = useTranslation();
  const [fromList, setFromList] = useState(false);
  return (
    <div>
      <TextInput
        key={String(fromList)} required autoFocus={focused || fromList} value={value} error={error} maxLength={fromList ? 32 : 9}
        label={t(fromList ? "code.recovery" : "code.label")} description={t(fromList ? "code.recovery_hint" : "code.hint")}
        autoComplete="one-time-code" inputMode={fromList ? "text" : "numeric"} autoCapitalize="characters" spellCheck={false}
        classNames={{ input: "code-input" }} onChange={(event) => onChange(event.currentTarget.value)}
      />
      {recovery ? (
        <Button
          variant="subtle" size="sm" mt={6} className="text-button"
          onClick={() => {
            onChange("");
            setFromList(!fromList);
          }}
        >
          {t(fromList ? "code.use_app" : "code.use_recovery")}
        </Button>
      ) : null}
    </div>
  );
}

interface SentProperties { label: string; description?: string; value: string; onChange: (code: string) => void; error?: string }

/** A code of six digits that came by mail or in a text message. */
export function SentCodeField({ onChange, ...shown }: SentProperties) {
  return (
    <TextInput
      {...shown} required maxLength={9} inputMode="numeric" autoComplete="one-time-code" classNames={{ input: "code-input" }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Whether a text is such a code. */
export const isSentCode = (text: string) => /^\d{6}$/.test(codeOf(text));

/** The code as it is sent: apps show it in groups. */
export const codeOf = (text: string) => text.replaceAll(/\s/g, "");
