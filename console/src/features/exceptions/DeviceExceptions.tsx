// What was and is wrong with one device.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { listExceptions } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { Section } from "../devices/Section";
import { ExceptionRow } from "./ExceptionRow";

export function DeviceExceptions({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation();
  const list = usePages("exceptions", { device_id: deviceId }, listExceptions);
  return (
    <Section title={t("exceptions.of_device")}>
      <ErrorNote error={list.error} />
      {list.isSuccess && list.items.length === 0 ? <Text size="sm" c="dimmed">{t("exceptions.none")}</Text> : null}
      <ul className="plain-list">
        {list.items.map((exception) => <ExceptionRow key={exception.id} exception={exception} withDevice={false} />)}
      </ul>
      <MoreButton list={list} />
    </Section>
  );
}
