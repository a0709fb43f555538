// One site: its devices, live, and the ways to add more.
import { ActionIcon, Button, Menu, Stack } from "@mantine/core";
import { IconDots, IconPencil, IconPlus, IconQrcode, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { deleteSite, getSite } from "../../api/calls";
import { useLive } from "../../api/live";
import type { Label, Site } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { AddDeviceDialog } from "../devices/AddDeviceDialog";
import { DeviceList } from "../devices/DeviceList";
import { HealthCounts } from "./SiteCard";
import { SiteDialog } from "./SiteDialog";

const ScanDialog = lazy(async () => ({ default: (await import("../imports/ScanDialog")).ScanDialog }));

export function SitePage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const poll = useLive(siteId);
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId), refetchInterval: poll });
  if (site.data) return <SiteView site={site.data} poll={poll} />;
  return (
    <Stack gap="lg">
      {site.isError ? (
        <>
          <PageHead title={t("nav.sites")} up={{ to: "/sites", text: t("nav.sites") }} />
          <ErrorNote error={site.error} onRetry={() => void site.refetch()} />
        </>
      ) : <LoadingRows />}
    </Stack>
  );
}

function SiteView({ site, poll }: { site: Site; poll: number | false }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const scan = useDialog();
  const adding = useDialog();
  const editing = useDialog();
  const deleting = useDialog();
  const [label, setLabel] = useState<Label | null>(null);
  const may = (action: Site["allowed"][number]) => site.allowed.includes(action);
  const addByAddress = (from: Label | null) => {
    setLabel(from);
    adding.open();
  };
  const ways = may("manage_devices") ? (
    <>
      <Button leftSection={<IconQrcode size={20} aria-hidden="true" />} onClick={scan.open}>{t("devices.scan")}</Button>
      <Button variant="default" leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => addByAddress(null)}>
        {t("devices.add_by_address")}
      </Button>
    </>
  ) : null;
  return (
    <Stack gap="lg">
      <PageHead
        title={site.name}
        up={{ to: "/sites", text: t("nav.sites") }}
        hint={
          <>
            <div className="wrap">{[site.address, site.time_zone].filter(Boolean).join(" · ")}</div>
            <div className="card-foot"><HealthCounts counts={site.devices} /></div>
          </>
        }
        actions={
          <>
            {site.devices.total > 0 ? ways : null}
            <SiteMenu site={site} onEdit={editing.open} onDelete={deleting.open} />
          </>
        }
      />
      <DeviceList siteId={site.id} poll={poll} ways={ways} />
      {scan.key > 0 ? (
        <Suspense fallback={null}>
          <ScanDialog
            key={scan.key} siteId={site.id} opened={scan.opened} onClose={scan.close}
            onLabel={(found) => {
              scan.close();
              addByAddress(found);
            }}
          />
        </Suspense>
      ) : null}
      <AddDeviceDialog key={`add${adding.key}`} siteId={site.id} label={label} opened={adding.opened} onClose={adding.close} />
      <SiteDialog key={`edit${editing.key}`} site={site} opened={editing.opened} onClose={editing.close} onSaved={() => {}} />
      <ConfirmDialog
        opened={deleting.opened} onClose={deleting.close} title={t("sites.delete_title", { name: site.name })}
        text={t("sites.delete_text", { count: site.devices.total })} action={t("do.delete")}
        run={() => deleteSite(site.id)}
        onDone={() => {
          void client.invalidateQueries({ queryKey: ["sites"] });
          void navigate("/sites", { replace: true });
        }}
      />
    </Stack>
  );
}

function SiteMenu({ site, onEdit, onDelete }: { site: Site; onEdit: () => void; onDelete: () => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={42} aria-label={t("sites.actions")}><IconDots size={20} aria-hidden="true" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={!site.allowed.includes("edit")} onClick={onEdit}
          leftSection={<IconPencil size={18} aria-hidden="true" />}
        >
          {t("sites.edit")}
        </Menu.Item>
        <Menu.Item
          disabled={!site.allowed.includes("delete")} onClick={onDelete} className="danger-text"
          leftSection={<IconTrash size={18} aria-hidden="true" />}
        >
          {t("sites.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
