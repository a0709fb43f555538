// Lets only signed-in end users into the portal; sends others to their sign-in.
import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { followLanguage } from "../../texts";
import { ErrorNote } from "../../ui/ErrorNote";
import { MySessionContext, mySessionQuery } from "./session";

export function MyGate({ children }: { children: ReactNode }) {
  const session = useQuery(mySessionQuery);
  const location = useLocation();
  const language = session.data?.end_user.language;
  useEffect(() => {
    if (language) followLanguage(language);
  }, [language]);
  if (session.data) return <MySessionContext value={session.data}>{children}</MySessionContext>;
  if (session.data === null) return <Navigate to="/my/sign-in" replace state={{ from: location.pathname + location.search }} />;
  return (
    <Center mih="100dvh" p="md">
      {session.isError ? <ErrorNote error={session.error} onRetry={() => void session.refetch()} /> : <Loader />}
    </Center>
  );
}
