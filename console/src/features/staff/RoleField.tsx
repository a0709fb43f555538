// Chooses a role. What the chosen one allows stands below; one with rights that one lacks oneself cannot be given.
import { NativeSelect, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types";
import { lacking, rightsText } from "../roles/rights";
import { useSession } from "../session/session";

interface Properties {
  label: string; roles: Role[] | undefined; value: string; onChange: (id: string) => void; error?: string; description?: string;
}

export function RoleField({ label, roles = [], value, onChange, error, description }: Properties) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const chosen = roles.find(({ id }) => id === value);
  return (
    <div>
      <NativeSelect
        label={label} description={description} required value={value} error={error} onChange={(event) => onChange(event.currentTarget.value)}
        data={[
          { value: "", label: t("staff.choose_role"), disabled: true },
          ...roles.map((role) => ({ value: role.id, label: role.name, disabled: lacking(role.rights, staff.rights).length > 0 })),
        ]}
      />
      {chosen ? <Text size="sm" c="dimmed" mt={6}>{rightsText(chosen.rights, t)}</Text> : null}
    </div>
  );
}
