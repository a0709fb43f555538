// A field for a password or code, with a named button that shows it.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function SecretInput(properties: PasswordInputProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      autoComplete="new-password" {...properties}
      visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
    />
  );
}
