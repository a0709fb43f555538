// Lets only signed-in people through; sends others to sign in, or to the set-up of a new server. Who still has to set up a second factor
// gets to that and nothing else.
import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { getSetup } from "../api/calls";
import { SessionContext, sessionQuery } from "../features/session/session";
import { followLanguage } from "../texts";
import { ErrorNote } from "../ui/ErrorNote";

const EnrolPage = lazy(async () => ({ default: (await import("../features/session/EnrolPage")).EnrolPage }));

export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const nobody = session.data === null;
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup, enabled: nobody });
  const location = useLocation();
  const needed = session.data?.two_factor_enrolment_needed ?? false;
  // Stays after the last step, until the recovery codes have been seen.
  const [enrolling, setEnrolling] = useState(false);
  if (needed && !enrolling) setEnrolling(true);
  const language = session.data?.staff.language;
  useEffect(() => {
    if (language) followLanguage(language);
  }, [language]);

  if (session.data) {
    return (
      <SessionContext value={session.data}>
        {enrolling ? <Suspense fallback={null}><EnrolPage onDone={() => setEnrolling(false)} /></Suspense> : children}
      </SessionContext>
    );
  }
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
