// Frees a device from another account: whoever holds it, knows its admin password and is in its network may (R-U1).
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { IconLockOpen2 } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { shortSerial } from "../additions/rules";
import { LabelScan } from "./LabelScan";
import { lanCodeIn, takeLanCode } from "./lanCode";
import { MyUnbindForm } from "./MyUnbindForm";
import { scanMine } from "./shapes";

export function MyUnbindPage() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  // The QR of the page in the network leads here with its code. It is read in the first drawing, and goes after it.
  const [lanCode] = useState(() => lanCodeIn(window.location.hash));
  useEffect(() => void takeLanCode(), []);
  const [serial, setSerial] = useState(shortSerial(parameters.get("serial") ?? ""));
  const [freed, setFreed] = useState(false);
  const scanning = useMutation({ mutationFn: scanMine, onSuccess: (scan) => setSerial(scan.serial) });
  return (
    <Stack gap="lg" maw={640}>
      <PageHead title={t("my_devices.unbind_title")} up={{ to: "/my/scan", text: t("my_devices.scan_title") }} />
      {freed ? (
        <div role="status">
          <Empty Icon={IconLockOpen2} title={t("unbind.freed")} hint={t("my_devices.freed_hint")}>
            <Button component={Link} to="/my/sites">{t("my.sites")}</Button>
          </Empty>
        </div>
      ) : (
        <>
          <Text>{t("unbind.intro")}</Text>
          <ul className="plain-text-list">
            {["password", "lan", "online"].map((need) => <li key={need}>{t(`my_devices.need_${need}`)}</li>)}
          </ul>
          <div className="card">
            {serial ? (
              <Stack>
                <Pages serial={serial} />
                <MyUnbindForm serial={serial} lanCode={lanCode} onFreed={() => setFreed(true)} />
              </Stack>
            ) : (
              <Stack>
                <Text fw={600}>{t("my_devices.which")}</Text>
                <LabelScan busy={scanning.isPending} onText={(text) => scanning.mutate(text)} />
                <ErrorNote error={scanning.error} />
              </Stack>
            )}
          </div>
          <Text size="sm" c="dimmed">{t("my_devices.local_menu")}</Text>
        </>
      )}
    </Stack>
  );
}

/** Where the page with the code is, as far as the platform can tell whoever is in that network. */
function Pages({ serial }: { serial: string }) {
  const { t } = useTranslation();
  const scan = useQuery({ queryKey: ["my scan", serial], queryFn: () => scanMine(serial), staleTime: 60_000, retry: false, refetchOnWindowFocus: false });
  const pages = scan.data?.lan_pages ?? [];
  if (pages.length === 0) return <Text size="sm" c="dimmed">{t("my_devices.page_unknown")}</Text>;
  return (
    <Text size="sm">
      {t("my_devices.page_known")}{" "}
      {pages.map((page) => <Anchor key={page} href={page} target="_blank" rel="noreferrer" className="wrap" mr="sm">{page}</Anchor>)}
    </Text>
  );
}
