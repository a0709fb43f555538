// Finds a member of staff to choose.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listStaff } from "../../api/calls";
import type { StaffMember } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { taken: string[]; full: boolean; onChoose: (member: StaffMember) => void }

export function MemberChoice({ taken, full, onChoose }: Properties) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const staff = useQuery({
    queryKey: ["staff", "to choose", search], queryFn: () => listStaff({ search, limit: 50 }), placeholderData: (before) => before,
  });
  const found = staff.data?.items.filter(({ id, disabled }) => !disabled && !taken.includes(id)) ?? [];
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
