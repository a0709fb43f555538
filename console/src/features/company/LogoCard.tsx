// The company's logo: chosen here, seen by customers.
import { Button, FileButton, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteCompanyLogo, getCompanyLogo, putCompanyLogo } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useSession } from "../session/session";

const KEY = ["company_logo"];

export function LogoCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { company, staff } = useSession();
  const found = useQuery({ queryKey: KEY, queryFn: getCompanyLogo });
  const putting = useMutation({
    mutationFn: putCompanyLogo,
    onSuccess: (logo) => client.setQueryData(KEY, { logo }),
  });
  const removing = useMutation({
    mutationFn: deleteCompanyLogo,
    onSuccess: () => client.setQueryData(KEY, { logo: null }),
  });
  const put = (file: File | null) => {
    removing.reset();
    if (file) putting.mutate(file);
  };
  const remove = () => {
    putting.reset();
    removing.mutate();
  };
  const logo = found.data?.logo ?? null;
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="logo-card">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="logo-card">{t("logo.title")}</Title>
          <Text size="sm" c="dimmed">{t("logo.hint")}</Text>
        </div>
        {found.isPending ? <LoadingRows rows={1} /> : null}
        {logo ? <img className="logo" src={logo.picture} alt={t("logo.alt", { company: company.name })} /> : null}
        {found.isSuccess && !logo ? <Text>{t("logo.none")}</Text> : null}
        <ErrorNote error={found.error ?? putting.error ?? removing.error} />
        {staff.is_admin ? (
          <Group>
            <FileButton accept="image/png,image/jpeg,image/webp" onChange={put}>
              {(props) => <Button {...props} variant="default" loading={putting.isPending}>{t("logo.choose")}</Button>}
            </FileButton>
            {logo ? <Button variant="default" loading={removing.isPending} onClick={remove}>{t("logo.remove")}</Button> : null}
            <Text role="status" c="dimmed">
              {putting.isSuccess ? t("logo.saved") : ""}{removing.isSuccess ? t("logo.removed") : ""}
            </Text>
          </Group>
        ) : null}
      </Stack>
    </Paper>
  );
}
