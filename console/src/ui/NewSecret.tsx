// A secret that a person makes up: its rules while typing, and a button that makes up a good one.
import { Button } from "@mantine/core";
import { IconDice5 } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { RuleList } from "./RuleList";
import { SecretInput } from "./SecretInput";

interface Properties {
  label: string; description?: string; value: string; rules: { text: string; met: boolean }[]; error?: boolean;
  /** Shown in clear: it has to be written down or was made up by the button. */
  shown: boolean; onShown: (on: boolean) => void;
  onChange: (value: string) => void; onRandom: () => void; maxLength: number;
  /** Focused when it appears: where it is the one next step. */
  focused?: boolean;
}

export function NewSecret({
  label, description, value, rules, error, shown, onShown, onChange, onRandom, maxLength, focused,
}: Properties) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div>
      <SecretInput
        label={label} description={description} required maxLength={maxLength} value={value} error={error} spellCheck={false}
        autoCapitalize="none" aria-describedby={id} autoFocus={focused} visible={shown} onVisibilityChange={onShown} data-autofocus
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <RuleList id={id} rules={rules} />
      <Button
        variant="default" size="sm" mt="xs" leftSection={<IconDice5 size={18} aria-hidden="true" />}
        onClick={() => {
          onRandom();
          onShown(true);
        }}
      >
        {t("do.random")}
      </Button>
    </div>
  );
}
