// Every call the console makes, typed, a line each; features use these and never build paths themselves.
import { call, query } from "./client";
import type * as T from "./types";

type Filter = Record<string, string | number | boolean | null | undefined>;

export const getSetup = () => call<T.Setup>("GET", "/setup");
export const setUp = (body: T.SetupRequest) => call<T.Session>("POST", "/setup", { body });
export const getSession = () => call<T.Session>("GET", "/session");
export const signIn = (body: { email: string; password: string }) => call<T.Session>("POST", "/session", { body });
export const signOut = () => call<void>("DELETE", "/session");
export const updateCompany = (body: T.CompanyUpdate) => call<T.Company>("PATCH", "/company", { body });
export const listOperations = (filter: Filter) => call<T.OperationPage>("GET", `/operation_log${query(filter)}`);

export const listSites = (filter: Filter) => call<T.SitePage>("GET", `/sites${query(filter)}`);
export const getSite = (id: string) => call<T.Site>("GET", `/sites/${id}`);
export const createSite = (body: T.SiteCreate) => call<T.Site>("POST", "/sites", { body });
export const updateSite = (id: string, body: T.SiteUpdate) => call<T.Site>("PATCH", `/sites/${id}`, { body });
export const deleteSite = (id: string) => call<void>("DELETE", `/sites/${id}`);

export const scanText = (site: string, text: string) =>
  call<T.Scan>("POST", `/sites/${site}/scans`, { body: { text } });
export const scanPicture = (site: string, bytes: Blob) => call<T.Scan>("POST", `/sites/${site}/scans`, { bytes });
export const getImport = (id: string) => call<T.Import>("GET", `/imports/${id}`);
export const giveImportPassword = (id: string, password: string) =>
  call<T.Import>("POST", `/imports/${id}/password`, { body: { password } });
export const confirmImport = (id: string, rows: number[]) =>
  call<T.Import>("POST", `/imports/${id}/confirm`, { body: { rows } });

export const listDevices = (filter: Filter) => call<T.DevicePage>("GET", `/devices${query(filter)}`);
export const getDevice = (id: string) => call<T.Device>("GET", `/devices/${id}`);
export const createDevice = (site: string, body: T.DeviceCreate) =>
  call<T.Device>("POST", `/sites/${site}/devices`, { body });
export const updateDevice = (id: string, body: T.DeviceUpdate) => call<T.Device>("PATCH", `/devices/${id}`, { body });
export const deleteDevice = (id: string) => call<void>("DELETE", `/devices/${id}`);
export const checkDevice = (id: string) => call<unknown>("POST", `/devices/${id}/check`, { body: {} });
export const acceptCertificate = (id: string, fingerprint: string) =>
  call<T.Device>("POST", `/devices/${id}/certificate`, { body: { fingerprint } });
export const getHistory = (id: string, hours: number) =>
  call<T.History>("GET", `/devices/${id}/history${query({ hours })}`);
export const listExceptions = (filter: Filter) => call<T.ExceptionPage>("GET", `/exceptions${query(filter)}`);
