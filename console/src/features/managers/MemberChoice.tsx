// Finds a member of staff to choose. The list of the staff is for those who manage it; others change who is chosen already.
import { Alert, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listStaff } from "../../api/calls";
import type { StaffMember } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useMay } from "../session/session";

interface Properties { taken: string[]; full: boolean; onChoose: (member: StaffMember) => void }

export function MemberChoice({ taken, full, onChoose }: Properties) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const able = useMay()("manage_staff");
  const staff = useQuery({
    queryKey: ["staff", "to choose", search], queryFn: () => listStaff({ search, limit: 50 }), placeholderData: (before) => before,
    enabled: able,
  });
  const found = staff.data?.items.filter(({ id, disabled }) => !disabled && !taken.includes(id)) ?? [];
  if (!able) {
    return <Alert role="note" className="note">{t("managers.needs_right", { right: t("right.manage_staff") })}</Alert>;
  }
  return (
    <>
      <Select
        label={t("managers.add")} placeholder={t("managers.add_placeholder")} searchable data-autofocus disabled={full} openOnFocus={false}
        data={found.map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))} filter={({ options }) => options}
        value={null} searchValue={typed} onSearchChange={setTyped} nothingFoundMessage={staff.isFetching ? t("app.loading") : t("managers.add_none")}
        onChange={(id) => {
          const member = found.find((one) => one.id === id);
          if (member) onChoose(member);
          setTyped("");
        }}
      />
      <ErrorNote error={staff.error} />
    </>
  );
}
