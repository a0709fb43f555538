// An end user's own account: who they are, how they sign in, where, and what is kept of them.
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMyProfile } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { AccountContext } from "../profile/account";
import { PasswordCard } from "../profile/PasswordCard";
import { SessionsCard } from "../profile/SessionsCard";
import { TwoFactorCard } from "../profile/TwoFactorCard";
import { MyAboutCard } from "./MyAboutCard";
import { MyDataCard } from "./MyDataCard";
import { MyEmailCard } from "./MyEmailCard";
import { MyPhoneCard } from "./MyPhoneCard";
import { myAccount } from "./myAccount";

export function MyAccountPage() {
  const { t } = useTranslation();
  const profile = useQuery({ queryKey: [myAccount.profileKey], queryFn: getMyProfile });
  return (
    <Stack gap="lg">
      <PageHead title={t("my.account")} hint={t("my_account.hint")} />
      {profile.isError ? <ErrorNote error={profile.error} onRetry={() => void profile.refetch()} /> : null}
      {profile.isPending ? <LoadingRows rows={3} height={220} /> : null}
      {profile.data ? (
        <AccountContext value={myAccount}>
          <div className="two-columns">
            <Stack gap="lg">
              <MyAboutCard profile={profile.data} />
              {profile.data.texts_are_sent ? <MyPhoneCard key={profile.data.phone} profile={profile.data} /> : null}
              <MyEmailCard profile={profile.data} />
              <PasswordCard profile={profile.data} />
            </Stack>
            <Stack gap="lg">
              <TwoFactorCard profile={profile.data} />
              <SessionsCard />
              <MyDataCard profile={profile.data} />
            </Stack>
          </div>
        </AccountContext>
      ) : null}
    </Stack>
  );
}
