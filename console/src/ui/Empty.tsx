// Nothing here yet: says what the next step is.
import { Group, Text, Title, type TitleOrder } from "@mantine/core";
import type { Icon as IconType } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Properties { Icon: IconType; title: string; hint?: string; order?: TitleOrder; children?: ReactNode }

export function Empty({ Icon, title, hint, order = 2, children }: Properties) {
  return (
    <div className="empty">
      <span className="empty-icon"><Icon size={30} stroke={1.5} aria-hidden="true" /></span>
      <Title order={order} fz="h4">{title}</Title>
      {hint ? <Text c="dimmed" maw={460}>{hint}</Text> : null}
      {children ? <Group mt="sm" justify="center" gap="sm">{children}</Group> : null}
    </div>
  );
}
