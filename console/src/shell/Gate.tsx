// Lets only signed-in people through; sends others to sign in, or to the set-up of a new server.
import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { getSetup } from "../api/calls";
import { SessionContext, sessionQuery } from "../features/session/session";
import { ErrorNote } from "../ui/ErrorNote";

export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const nobody = session.data === null;
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup, enabled: nobody });
  const location = useLocation();

  if (session.data) return <SessionContext value={session.data}>{children}</SessionContext>;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  if (nobody && (setup.data || setup.isError)) {
    return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />;
  }
  return (
    <Center mih="100dvh" p="md">
      {session.isError ? <ErrorNote error={session.error} onRetry={() => void session.refetch()} /> : <Loader />}
    </Center>
  );
}
