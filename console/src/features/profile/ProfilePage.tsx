// One's own account: who one is, how one signs in, and where one is signed in.
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getProfile } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { AboutCard } from "./AboutCard";
import { PasswordCard } from "./PasswordCard";
import { SessionsCard } from "./SessionsCard";
import { SummaryCard } from "./SummaryCard";
import { TwoFactorCard } from "./TwoFactorCard";

export function ProfilePage() {
  const { t } = useTranslation();
  useLive();
  const profile = useQuery({ queryKey: ["profile"], queryFn: getProfile });
  return (
    <Stack gap="lg">
      <PageHead title={t("profile.title")} hint={t("profile.hint")} />
      {profile.isError ? <ErrorNote error={profile.error} onRetry={() => void profile.refetch()} /> : null}
      {profile.isPending ? <LoadingRows rows={3} height={220} /> : null}
      {profile.data ? (
        <div className="two-columns">
          <Stack gap="lg">
            <AboutCard profile={profile.data} />
            <PasswordCard profile={profile.data} />
          </Stack>
          <Stack gap="lg">
            <SummaryCard profile={profile.data} />
            <TwoFactorCard profile={profile.data} />
            <SessionsCard />
          </Stack>
        </div>
      ) : null}
    </Stack>
  );
}
