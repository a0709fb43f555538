// The end of an end user's account: what becomes of each of their sites is theirs to say.
import { Alert, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { deleteMyProfile, exportMyProfile } from "../../api/calls";
import type { MyProfile, Parting } from "../../api/types";
import { CodeField, codeOf } from "../../ui/CodeField";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { SecretInput } from "../../ui/SecretInput";

interface Properties { profile: MyProfile; opened: boolean; onClose: () => void }

export function DeleteAccountDialog({ profile, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [partings, setPartings] = useState<Record<string, Parting>>({});
  // All of their sites, not only a page of them.
  const kept = useQuery({ queryKey: ["my export"], queryFn: exportMyProfile, enabled: opened });
  const sites = kept.data?.sites ?? [];
  // Nothing is chosen for them: each site is somebody's to lose.
  const chosen = sites.flatMap(({ id }) => {
    const parting = partings[id];
    return parting ? [{ site_id: id, parting }] : [];
  });
  const needsCode = profile.two_factor.enabled;
  const deleting = useMutation({
    mutationFn: () => deleteMyProfile({
      password, code: needsCode ? codeOf(code) : undefined,
      sites: chosen,
    }),
    // Loaded anew, so that nothing of the account is left in the page.
    onSuccess: () => window.location.replace("/my/sign-in?deleted=1"),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deleting.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("my_account.delete_title")} size={520}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Alert role="note" className="note note-warn" icon={<IconAlertTriangle aria-hidden="true" />}>{t("my_account.delete_text")}</Alert>
          {kept.isPending ? <LoadingRows rows={1} height={60} /> : null}
          {kept.isError ? <ErrorNote error={kept.error} onRetry={() => void kept.refetch()} /> : null}
          {sites.length ? <Text>{t("my_account.partings")}</Text> : null}
          {sites.map(({ id, name }) => (
            <NativeSelect
              key={id} label={name} value={partings[id] ?? ""} required
              data={[
                { value: "", label: t("parting.choose"), disabled: true },
                ...(["return", "free"] as const).map((value) => ({ value, label: t(`parting.${value}`) })),
              ]}
              onChange={(event) => setPartings({ ...partings, [id]: event.currentTarget.value as Parting })}
            />
          ))}
          <SecretInput
            label={t("profile.own_password")} autoComplete="current-password" required value={password} data-autofocus
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {needsCode ? <CodeField value={code} onChange={setCode} recovery /> : null}
          <ErrorNote error={deleting.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button
              type="submit" className="danger" loading={deleting.isPending}
              disabled={!password || !kept.isSuccess || chosen.length < sites.length || (needsCode && !codeOf(code))}
            >
              {t("my_account.delete_do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
