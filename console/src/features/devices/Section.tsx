// A titled part of the device page; a fact's source and age are one tap away.
import { Group, Popover, Text, Title, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Age } from "../../ui/Age";
import type { Fact } from "./facts";

interface Properties { title: string; fact?: Fact<unknown>; right?: ReactNode; children: ReactNode }

export function Section({ title, fact, right, children }: Properties) {
  const id = useId();
  return (
    <section className={`card${fact && !fact.fresh ? " stale" : ""}`} aria-labelledby={id}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} fz="h4" id={id}>{title}</Title>
        {right}
        {fact ? <FactSource title={title} fact={fact} /> : null}
      </Group>
      {children}
    </section>
  );
}

function FactSource({ title, fact }: { title: string; fact: Fact<unknown> }) {
  const { t } = useTranslation();
  return (
    <Popover position="bottom-end" withArrow shadow="md" trapFocus={false}>
      <Popover.Target>
        <UnstyledButton className="fact-age">
          <VisuallyHidden>{`${title}: ${t("fact.about")}. `}</VisuallyHidden>
          <Age at={fact.measured_at} fresh={fact.fresh} />
          <IconInfoCircle size={16} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw={320}>
        <Text size="sm" className="wrap">{t("fact.source", { source: fact.source })}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}
