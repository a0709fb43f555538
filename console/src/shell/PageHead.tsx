// The top of a page: where one is, its name, and what can be done.
import { Anchor, Group, Text, Title } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useTitle } from "./useTitle";

interface Properties {
  title: string;
  hint?: ReactNode;
  up?: { to: string; text: string };
  actions?: ReactNode;
}

export function PageHead({ title, hint, up, actions }: Properties) {
  useTitle(title);
  return (
    <div className="page-head">
      {up ? (
        <Anchor component={Link} to={up.to} className="page-up" size="sm">
          <IconChevronLeft size={16} aria-hidden="true" />
          {up.text}
        </Anchor>
      ) : null}
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className="grow">
          <Title order={1} className="page-title">{title}</Title>
          {hint ? <Text c="dimmed" mt={4} component="div">{hint}</Text> : null}
        </div>
        {actions ? <Group gap="sm" className="page-actions">{actions}</Group> : null}
      </Group>
    </div>
  );
}
