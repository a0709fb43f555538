// The company's people and who is invited to them.
import { Button, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconShieldHalf, IconUserPlus, IconZoomExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { listStaff } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { MemberLine } from "./MemberLine";

export function StaffPage() {
  const { t } = useTranslation();
  useLive();
  const may = useMay();
  const inviting = useDialog();
  const [parameters, setParameters] = useSearchParams();
  const written = parameters.get("search") ?? "";
  const [search] = useDebouncedValue(written.trim(), 300);
  const list = usePages("staff", { search, limit: 20 }, listStaff);
  const find = (text: string) => setParameters(text ? { search: text } : {}, { replace: true });
  return (
    <Stack gap="lg">
      <PageHead
        title={t("staff.title")} hint={t("staff.hint")}
        actions={
          <>
            {may("manage_roles") ? (
              <Button component={Link} to="/staff/roles" variant="default" leftSection={<IconShieldHalf size={18} aria-hidden="true" />}>
                {t("roles.title")}
              </Button>
            ) : null}
            <Button leftSection={<IconUserPlus size={18} aria-hidden="true" />} onClick={inviting.open}>{t("staff.invite")}</Button>
          </>
        }
      />
      <div className="filters" role="search">
        <TextInput
          className="filters-wide" aria-label={t("staff.search")} placeholder={t("staff.search")} type="search"
          leftSection={<IconSearch size={18} aria-hidden="true" />} value={written} onChange={(event) => find(event.currentTarget.value)}
        />
      </div>
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows height={76} rows={4} /> : null}
      {list.isSuccess && list.items.length === 0 ? (
        <Empty Icon={IconZoomExclamation} title={t("staff.none")} hint={t("sites.none_hint")}>
          <Button variant="default" onClick={() => find("")}>{t("do.clear")}</Button>
        </Empty>
      ) : null}
      {list.items.length > 0 ? (
        <ul className="line-list card" aria-label={t("staff.title")}>
          {list.items.map((member) => <MemberLine key={member.id} member={member} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
      <Invitations />
      <InviteDialog key={inviting.key} opened={inviting.opened} onClose={inviting.close} />
    </Stack>
  );
}
