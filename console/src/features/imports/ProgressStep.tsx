// The import at work, and how it ended: what was added, and what not and why.
import { Alert, Button, Progress, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Import } from "../../api/types";
import { TooOldOffer } from "../compatibility/TooOldOffer";
import { ChangeOffer } from "./ChangeOffer";
import { RowLine } from "./RowLine";
import { changeable, offersChange, wasTicked } from "./scanState";

export function ProgressStep({ found }: { found: Import }) {
  const { t } = useTranslation();
  const { ticked, added, failed } = found.counts;
  const ready = added + failed;
  return (
    <Stack gap="sm">
      <Title order={3} fz="h4">{t("scan.progress_title")}</Title>
      <Progress value={ticked > 0 ? (ready / ticked) * 100 : 0} size="lg" aria-label={t("scan.progress_title")} animated />
      <Text role="status">{t("scan.progress", { n: ready, total: ticked })}</Text>
      <Text size="sm" c="dimmed">{t("scan.progress_hint")}</Text>
      <ul className="import-rows">
        {found.rows.filter(wasTicked).map((row) => <RowLine key={row.index} row={row} />)}
      </ul>
    </Stack>
  );
}

export function ResultStep({ found, onClose, onAgain }: { found: Import; onClose: () => void; onAgain: () => void }) {
  const { t } = useTranslation();
  const rows = found.rows.filter(wasTicked);
  const { added, failed } = found.counts;
  return (
    <Stack gap="sm">
      <Title order={3} fz="h4">{t("scan.result_title")}</Title>
      <div role="status">
        {added > 0 ? (
          <Alert className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("scan.added", { count: added })}</Alert>
        ) : null}
        {failed > 0 ? (
          <Alert className="note note-bad" mt="xs" icon={<IconCircleX aria-hidden="true" />}>{t("scan.failed", { count: failed })}</Alert>
        ) : null}
      </div>
      <ul className="import-rows">
        {[...rows].sort((one, other) => Number(one.state === "added") - Number(other.state === "added"))
          .map((row) => <RowLine key={row.index} row={row} />)}
      </ul>
      <TooOldOffer siteId={found.site_id} devices={rows.flatMap((row) => (row.state === "added" && row.device_id ? [row.device_id] : []))} />
      {offersChange(found) ? <ChangeOffer siteId={found.site_id} devices={changeable(found)} /> : null}
      <div className="dialog-foot">
        <Button fullWidth size="lg" onClick={onClose}>{t("do.done")}</Button>
        <Button fullWidth variant="subtle" onClick={onAgain}>{t("scan.again")}</Button>
      </div>
    </Stack>
  );
}
