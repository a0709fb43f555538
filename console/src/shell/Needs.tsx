// Pages that need a right: whoever lacks it is told whom to ask, instead of errors.
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import type { Right } from "../api/types";
import { useMay, useSession } from "../features/session/session";
import { Empty } from "../ui/Empty";
import { useTitle } from "./useTitle";

interface Properties {
  /** One of them will do; none named: only the Installer Admin. */
  rights?: Right[];
}

export function Needs({ rights }: Properties) {
  const may = useMay();
  const { staff } = useSession();
  return (rights ? may(...rights) : staff.is_admin) ? <Outlet /> : <AskAdmin rights={rights} />;
}

function AskAdmin({ rights }: Properties) {
  const { t } = useTranslation();
  const title = t("needs.title");
  useTitle(title);
  const named = rights?.map((right) => t("needs.quoted", { right: t(`right.${right}`) })).join(` ${t("needs.or")} `);
  return <Empty Icon={IconLock} title={title} hint={named ? t("needs.right", { right: named }) : t("needs.admin")} order={1} />;
}
