// The end of a list that goes on.
import { Button, Center } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Properties { list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown } }

export function MoreButton({ list }: Properties) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>{t("do.more")}</Button>
    </Center>
  );
}
