// Grey rows where a list will be.
import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function LoadingRows({ rows = 3, height = 84 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack role="status" aria-label={t("app.loading")}>
      {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={height} radius="lg" />)}
    </Stack>
  );
}
