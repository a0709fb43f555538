// What others share with an end user: what is offered and waits, what was applied for, and what there is.
import { Button, Stack } from "@mantine/core";
import { IconQrcode, IconScan, IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { listMyShares } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { MINE_MEASURED_EVERY } from "../devices/measured";
import { useMyLive } from "../my/useMyLive";
import { OwnApplications } from "./OwnApplications";
import { QrScan } from "./QrScan";
import { ReceivedOffers } from "./ReceivedOffers";
import { ReceivedShares } from "./ReceivedShares";
import { keepToken } from "./tokens";
import { useReceivedOffers } from "./useReceivedOffers";

export function SharedPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const poll = useMyLive();
  const scanning = useDialog();
  const shares = usePages("my shares", {}, listMyShares, poll || MINE_MEASURED_EVERY);
  const offers = useReceivedOffers(poll);
  const nothing = shares.isSuccess && shares.items.length === 0 && offers.data?.items.length === 0;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("my_shares.title")} hint={t("my_shares.hint")}
        actions={
          <>
            <Button component={Link} to="/my/code" variant="default" leftSection={<IconQrcode size={18} aria-hidden="true" />}>{t("sharing.my_code")}</Button>
            <Button leftSection={<IconScan size={18} aria-hidden="true" />} onClick={scanning.open}>{t("sharing.scan_code")}</Button>
          </>
        }
      />
      <ReceivedOffers poll={poll} />
      <OwnApplications poll={poll} />
      {shares.isPending ? <LoadingRows /> : null}
      <ErrorNote error={shares.error} onRetry={() => void shares.refetch()} />
      {nothing ? <Empty Icon={IconUsersGroup} title={t("my_shares.none")} hint={t("my_shares.none_hint")} /> : null}
      <ReceivedShares shares={shares.items} />
      <MoreButton list={shares} />
      {scanning.opened ? (
        <Dialog key={scanning.key} opened={scanning.opened} onClose={scanning.close} title={t("sharing.scan_code")}>
          <QrScan
            wanted="apply" busy={false}
            onToken={(token) => {
              keepToken(token);
              void navigate("/my/apply");
            }}
          />
        </Dialog>
      ) : null}
    </Stack>
  );
}
