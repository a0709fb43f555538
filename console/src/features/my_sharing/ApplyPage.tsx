// The page behind a code that an owner shows. It works without an app and before signing in: first what it is, then who wants it.
import { Alert, Button, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconShare3 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { applyForShare, lookAtShareCode } from "../../api/calls";
import type { ShareCodeLook } from "../../api/types";
import { ApiError } from "../../api/client";
import { Outside } from "../../shell/Outside";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { SecretInput } from "../../ui/SecretInput";
import { mySessionQuery } from "../my/session";
import { CHANGED_FOR_RECEIVER } from "./changed";
import { LookedAt } from "./LookedAt";
import { keepForRegistration, keepToken, keptToken, rememberedPassword, rememberPassword, takeToken } from "./tokens";

export function ApplyPage() {
  const { t } = useTranslation();
  const location = useLocation();
  const [token, setToken] = useState(() => takeToken() ?? keptToken());
  useEffect(() => {
    const next = takeToken();
    if (!next) return;
    keepToken(next);
    setToken(next);
  }, [location]);
  useEffect(() => keepToken(token), [token]);
  return (
    <Outside title={t("apply.title")}>
      <Paper className="card outside-card" maw={520}>
        {token ? <Look key={token} token={token} /> : (
          <Stack>
            <Title order={1} fz="h2">{t("apply.title")}</Title>
            <Text>{t("apply.no_token")}</Text>
            <Button component={Link} to="/my/shared" variant="default">{t("apply.to_portal")}</Button>
          </Stack>
        )}
      </Paper>
    </Outside>
  );
}

/** What is behind a code; one with a password tells nothing before it. */
function Look({ token }: { token: string }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState(() => rememberedPassword(token));
  const [text, setText] = useState("");
  const look = useQuery({
    queryKey: ["apply", token, password], queryFn: () => lookAtShareCode(token, password), retry: false, staleTime: Infinity, refetchOnWindowFocus: false,
  });
  const code = look.error instanceof ApiError ? look.error.code : "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text === password) void look.refetch();
    else setPassword(text);
  };
  useEffect(() => {
    if (look.data && password) rememberPassword(token, password);
  }, [look.data, token, password]);
  if (look.data) return <Found token={token} password={password} look={look.data} />;
  if (!password && look.isPending) return <LoadingRows height={160} />;
  const closed = code === "share_code_password_needed" || code === "share_code_password_wrong" || password !== undefined;
  return (
    <Stack>
      <Title order={1} fz="h2">{t("apply.title")}</Title>
      {closed ? (
        <form onSubmit={submit} noValidate autoComplete="off">
          <Stack>
            <Text c="dimmed">{t("apply.password_text")}</Text>
            <SecretInput label={t("sharing.password")} required autoFocus maxLength={64} value={text} onChange={(event) => setText(event.currentTarget.value)} />
            {code === "share_code_password_needed" ? null : <ErrorNote error={look.error} />}
            <Button type="submit" size="lg" disabled={!text} loading={look.isFetching}>{t("do.next")}</Button>
          </Stack>
        </form>
      ) : <ErrorNote error={look.error} />}
    </Stack>
  );
}

function Found({ token, password, look }: { token: string; password?: string; look: ShareCodeLook }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const session = useQuery({ ...mySessionQuery, refetchOnWindowFocus: "always" });
  const applying = useMutation({
    mutationFn: () => applyForShare(token, password),
    onSuccess: () => {
      keepToken(null);
      for (const key of CHANGED_FOR_RECEIVER) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const from = { from: "/my/apply" };
  return (
    <Stack>
      <div>
        <Title order={1} fz="h2" className="wrap"><IconShare3 size={26} aria-hidden="true" /> {t("apply.found_title", { name: look.giver_name })}</Title>
        {look.label ? <Text fw={600} mt={4} className="wrap">{look.label}</Text> : null}
        <Text size="sm" c="dimmed">{t("sharing.until", { at: formatInstant(look.expires_at, i18n.language) })}</Text>
      </div>
      <LookedAt channels={look.channels} />
      {applying.isSuccess ? (
        <>
          <Alert role="status" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("apply.done", { name: look.giver_name })}</Alert>
          <Button component={Link} to="/my/shared" size="lg">{t("apply.to_portal")}</Button>
        </>
      ) : session.data ? (
        <>
          <Text size="sm" c="dimmed" className="wrap">{t("apply.as", { name: session.data.end_user.name, email: session.data.end_user.email, giver: look.giver_name })}</Text>
          <ErrorNote error={applying.error} />
          <Button size="lg" loading={applying.isPending} onClick={() => applying.mutate()}>{t("apply.do")}</Button>
        </>
      ) : session.data === null ? (
        <>
          <Text>{t("apply.account_needed")}</Text>
          <Stack gap="sm">
            <Button component={Link} to="/my/sign-in" state={from} size="lg">{t("session.title")}</Button>
            <Button component={Link} to="/my/register" state={from} variant="default" size="lg" onClick={() => keepForRegistration(token, Date.now())}>{t("my_account.register")}</Button>
          </Stack>
          <Text size="sm" c="dimmed">{t("apply.register_hint")}</Text>
        </>
      ) : session.isError ? <ErrorNote error={session.error} onRetry={() => void session.refetch()} /> : <LoadingRows height={60} />}
    </Stack>
  );
}
