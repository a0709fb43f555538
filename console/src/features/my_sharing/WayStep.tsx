// With whom: four ways, in the order in which people need them.
import { Button, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconAt, IconClockHour4, IconQrcode, IconScan, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useWayTexts, type Way } from "./useWayTexts";

const WAYS: { way: Way; Icon: Icon }[] = [
  { way: "login", Icon: IconAt }, { way: "temporary", Icon: IconClockHour4 }, { way: "scan", Icon: IconScan }, { way: "long_term", Icon: IconQrcode },
];

export function WayStep({ onWay, onBack }: { onWay: (way: Way) => void; onBack: () => void }) {
  const { t } = useTranslation();
  const textsOf = useWayTexts();
  return (
    <Stack>
      <Text c="dimmed" size="sm">{t("sharing.way_hint")}</Text>
      <ul className="plain-list way-list">
        {WAYS.map(({ way, Icon: Shown }) => (
          <li key={way}>
            <UnstyledButton className="way" onClick={() => onWay(way)}>
              <Shown size={26} stroke={1.6} aria-hidden="true" />
              <span className="grow">
                <Text component="span" fw={600} display="block">{textsOf(way).name}</Text>
                <Text component="span" size="sm" c="dimmed" display="block">{textsOf(way).hint}</Text>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Group><Button variant="default" onClick={onBack}>{t("do.back")}</Button></Group>
    </Stack>
  );
}
