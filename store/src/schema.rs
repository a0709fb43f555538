//! The tables as diesel sees them; the truth is in `migrations`, the same on both databases.

diesel::table! { companies (id) { id -> Text, name -> Text, region -> Text, public_url -> Text, qr_age_limit_days -> Nullable<Integer>, created_at -> BigInt, app_hint -> Nullable<Text>, two_factor_required -> Bool, keeps_site -> Nullable<Text>, } }
diesel::table! { settings (key) { key -> Text, value -> Text, } }
diesel::table! { vault_keys (id) { id -> Integer, wrapped -> Text, } }
diesel::table! { staff (id) {
    id -> Text, company_id -> Text, name -> Text, email -> Text, email_lower -> Text, password_hash -> Text,
    is_admin -> Bool, disabled -> Bool, created_at -> BigInt, role_id -> Nullable<Text>, language -> Text, time_zone -> Text,
    password_version -> Integer, sealed_totp -> Nullable<Text>, totp_confirmed_at -> Nullable<BigInt>,
    totp_last_step -> Nullable<BigInt>, search -> Text, last_seen_at -> Nullable<BigInt>,
} }
diesel::table! { roles (id) { id -> Text, company_id -> Text, name -> Text, name_lower -> Text, created_at -> BigInt, } }
diesel::table! { role_rights (role_id, name) { role_id -> Text, name -> Text, } }
diesel::table! { recovery_codes (staff_id, code_hash) { staff_id -> Text, code_hash -> Text, used_at -> Nullable<BigInt>, } }
diesel::table! { staff_invitations (id) {
    id -> Text, company_id -> Text, email -> Text, email_lower -> Text, name -> Text, role_id -> Text, language -> Text,
    token_hash -> Text, state -> Text, invited_by -> Nullable<Text>, created_at -> BigInt, expires_at -> BigInt,
    ended_at -> Nullable<BigInt>, staff_id -> Nullable<Text>,
} }
diesel::table! { password_resets (token_hash) {
    token_hash -> Text, staff_id -> Text, created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>,
} }
diesel::table! { mail_paces (id) { id -> BigInt, purpose -> Text, subject -> Text, at -> BigInt, } }
diesel::table! { site_managers (site_id, staff_id) {
    company_id -> Text, site_id -> Text, staff_id -> Text, expires_at -> Nullable<BigInt>, assigned_by -> Nullable<Text>,
    assigned_at -> BigInt,
} }
diesel::table! { panels (device_id) {
    device_id -> Text, company_id -> Text, leaving_since -> Nullable<BigInt>, give_up_at -> Nullable<BigInt>, exit_id -> Nullable<Text>,
    name -> Text,
    site_name -> Text, model -> Text, serial -> Nullable<Text>, scheme -> Nullable<Text>, host -> Nullable<Text>,
    port -> Nullable<Integer>, user_name -> Nullable<Text>, sealed_password -> Nullable<Text>, pin -> Nullable<Text>,
    link_id -> Nullable<Text>, due_at -> BigInt, locked_by -> Nullable<Text>, locked_until -> Nullable<BigInt>,
    wanted_version -> Integer, checked_at -> Nullable<BigInt>, failures -> Integer, reason_code -> Nullable<Text>,
    method -> Nullable<Text>,
} }
diesel::table! { panel_accounts (id) {
    id -> Text, company_id -> Text, device_id -> Text, person_kind -> Nullable<Text>, person_id -> Nullable<Text>,
    person_name -> Text, user_name -> Text, role -> Text, because -> Nullable<Text>, state -> Text,
    reason_code -> Nullable<Text>, account_index -> Nullable<Text>, password_version -> Nullable<Integer>, refused_version -> Nullable<Integer>,
    since -> BigInt,
    updated_at -> BigInt,
} }
diesel::table! { panel_passwords (person_kind, person_id) { person_kind -> Text, person_id -> Text, company_id -> Nullable<Text>, version -> Integer, sealed -> Text, held_since -> BigInt, } }
diesel::table! { panel_removals (id) {
    id -> Text, company_id -> Text, device_id -> Text, exit_id -> Nullable<Text>, device_name -> Text,
    serial -> Nullable<Text>, site_name -> Text, person_kind -> Nullable<Text>, person_id -> Nullable<Text>,
    person_name -> Text, user_name -> Text, role -> Text, removed_at -> BigInt,
} }
diesel::table! { panel_exits (id) {
    id -> Text, company_id -> Text, device_id -> Text, device_name -> Text, model -> Text, serial -> Nullable<Text>,
    site_name -> Text, state -> Text, begun_at -> BigInt, ended_at -> Nullable<BigInt>, ended_by -> Nullable<Text>,
    reason_code -> Nullable<Text>, remaining -> Nullable<Text>,
} }
diesel::table! { sign_in_failures (id) { id -> BigInt, account_key -> Text, address -> Text, at -> BigInt, } }
diesel::table! { sign_in_locks (account_key) { account_key -> Text, until_at -> BigInt, } }
diesel::table! { sessions (id) {
    id -> Text, token_hash -> Text, company_id -> Text, staff_id -> Text, created_at -> BigInt, last_used_at -> BigInt,
    from_address -> Text, user_agent -> Text,
} }
diesel::table! { operations (id) {
    id -> BigInt, company_id -> Text, staff_id -> Nullable<Text>, who -> Nullable<Text>, action -> Text,
    object_kind -> Text, object_id -> Text, object_name -> Text, from_address -> Text, result -> Text, at -> BigInt,
} }
diesel::table! { sites (id) {
    id -> Text, company_id -> Text, name -> Text, name_lower -> Text, address -> Text, search -> Text,
    time_zone -> Text, sync_time -> Bool, status -> Text, created_at -> BigInt, updated_at -> BigInt,
    closing_at -> Nullable<BigInt>, owner_id -> Nullable<Text>, owned_since -> Nullable<BigInt>, installed_by -> Nullable<Text>,
    unserved_since -> Nullable<BigInt>, rental -> Text, suspended_at -> Nullable<BigInt>,
} }
// Without health_since, sealed_code and mac: diesel takes 32 columns, 64 cost much time to build.
diesel::table! { devices (place) {
    place -> BigInt, id -> Text, company_id -> Text, site_id -> Text, bucket -> Integer, name -> Text, name_lower -> Text,
    search -> Text, kind -> Text, kind_is_manual -> Bool, model -> Text, firmware -> Text, serial -> Nullable<Text>,
    scheme -> Text, host -> Text, host_lower -> Text, port -> Integer, given_port -> Nullable<Integer>, user_name -> Text, sealed_password -> Text,
    pin -> Nullable<Text>, pin_pending -> Nullable<Text>, health -> Text,
    breaker -> Nullable<Text>, breaker_until -> Nullable<BigInt>, breaker_credential -> Nullable<Integer>,
    known -> Nullable<Text>, credential_version -> Integer, config_version -> Integer,
    check_requested_at -> Nullable<BigInt>, created_at -> BigInt, link_id -> Nullable<Text>,
} }
diesel::table! { measured (place) {
    place -> BigInt, reachability -> Nullable<BigInt>, identity -> Nullable<BigInt>, status -> Nullable<BigInt>,
    channels -> Nullable<BigInt>, disks -> Nullable<BigInt>, network -> Nullable<BigInt>, clock -> Nullable<BigInt>,
    user_check -> Nullable<BigInt>, capabilities -> Nullable<BigInt>, panel -> Nullable<BigInt>,
    smart -> Nullable<BigInt>, recording -> Nullable<BigInt>,
} }
diesel::table! { facts (place, topic) { place -> BigInt, topic -> Text, value -> Text, source -> Text, changed_at -> BigInt, } }
diesel::table! { exceptions (id) {
    id -> Text, company_id -> Text, site_id -> Text, device_id -> Text, kind -> Text, part -> Text, opened_at -> BigInt,
    closed_at -> Nullable<BigInt>,
} }
diesel::table! { uptime_hours (place, hour) { place -> BigInt, hour -> BigInt, up_seconds -> Integer, down_seconds -> Integer, } }
diesel::table! { disk_temperature_days (place, disk, day) {
    place -> BigInt, disk -> Text, day -> BigInt, lowest -> Integer, highest -> Integer,
} }
diesel::table! { transitions (id) { id -> BigInt, place -> BigInt, at -> BigInt, from_health -> Text, to_health -> Text, } }
diesel::table! { events (seq) {
    seq -> BigInt, company_id -> Text, site_id -> Nullable<Text>, device_id -> Nullable<Text>, kind -> Text,
    actor -> Text, at -> BigInt, data -> Text,
} }
diesel::table! { device_changes (seq) { seq -> BigInt, bucket -> Integer, device_id -> Text, at -> BigInt, } }
diesel::table! { imports (id) {
    id -> Text, company_id -> Text, site_id -> Text, staff_id -> Text, state -> Text, qr_created_at -> Nullable<BigInt>,
    sealed_text -> Nullable<Text>, password_tries -> Integer, created_at -> BigInt, expires_at -> BigInt,
    kind -> Text,
} }
diesel::table! { import_rows (import_id, idx) {
    import_id -> Text, idx -> Integer, name -> Text, host -> Text, port -> Integer, user_name -> Text,
    sealed_password -> Nullable<Text>, state -> Text, reason_code -> Nullable<Text>, reason_message -> Nullable<Text>,
    other_site_id -> Nullable<Text>, device_id -> Nullable<Text>, found_scheme -> Nullable<Text>,
    found_port -> Nullable<Integer>, serial -> Nullable<Text>, sealed_code -> Nullable<Text>,
} }
diesel::table! { jobs (id) {
    id -> Text, kind -> Text, payload -> Text, dedup_key -> Nullable<Text>, state -> Text, due_at -> BigInt,
    locked_by -> Nullable<Text>, attempts -> Integer, most_attempts -> Integer, last_error -> Nullable<Text>,
    created_at -> BigInt, updated_at -> BigInt, asked_again -> Integer,
} }
diesel::table! { links (id) {
    id -> Text, company_id -> Text, site_id -> Text, name -> Text, enrol_code_hash -> Nullable<Text>,
    enrol_expires_at -> Nullable<BigInt>, token_hash -> Nullable<Text>, version -> Nullable<Text>, system -> Nullable<Text>,
    enrolled_at -> Nullable<BigInt>, revoked_at -> Nullable<BigInt>, online -> Bool, last_seen_at -> Nullable<BigInt>,
    holder -> Nullable<Text>, holder_url -> Nullable<Text>, session -> Nullable<Text>, session_from -> Nullable<Text>, created_at -> BigInt,
} }
diesel::table! { additions (id) {
    id -> Text, company_id -> Text, site_id -> Text, staff_id -> Text, serial -> Text, name -> Text, state -> Text,
    reason_code -> Nullable<Text>, reason_message -> Nullable<Text>, user_name -> Text, sealed_password -> Nullable<Text>,
    sealed_code -> Nullable<Text>, login -> Text, code_check -> Text, hold -> Bool, other_site_id -> Nullable<Text>,
    device_id -> Nullable<Text>, created_at -> BigInt, updated_at -> BigInt, expires_at -> BigInt,
} }
diesel::table! { password_changes (device_id) {
    device_id -> Text, company_id -> Text, sealed_new -> Nullable<Text>, state -> Text, reason_code -> Nullable<Text>,
    requested_at -> BigInt, updated_at -> BigInt,
} }
diesel::table! { remote_sessions (id) {
    id -> Text, company_id -> Text, device_id -> Text, staff_id -> Text, session_id -> Text, label_hash -> Text,
    entry_hash -> Nullable<Text>, cookie_hash -> Nullable<Text>, may_write -> Bool, opened_at -> BigInt, used_at -> BigInt,
    closed_at -> Nullable<BigInt>,
} }
diesel::table! { mails (id) {
    id -> Text, company_id -> Nullable<Text>, message_id -> Text, receiver -> Text, language -> Text, template -> Text, subject -> Text,
    body_text -> Text, body_html -> Text, state -> Text, attempts -> Integer, error_code -> Nullable<Text>,
    error_message -> Nullable<Text>, created_at -> BigInt, updated_at -> BigInt, sent_at -> Nullable<BigInt>,
    sealed_token -> Nullable<Text>, link_hash -> Nullable<Text>, dropped_at -> Nullable<BigInt>,
} }
diesel::table! { company_logos (company_id) { company_id -> Text, png -> Binary, width -> Integer, height -> Integer, updated_at -> BigInt, } }
diesel::table! { mail_attachments (mail_id, n) { mail_id -> Text, n -> Integer, file_name -> Text, content_type -> Text, body -> Binary, } }
diesel::table! { end_users (id) {
    id -> Text, name -> Text, email -> Text, email_lower -> Text, phone -> Nullable<Text>, region -> Text, language -> Text,
    time_zone -> Text, password_hash -> Text, password_version -> Integer, sealed_totp -> Nullable<Text>,
    totp_confirmed_at -> Nullable<BigInt>, totp_last_step -> Nullable<BigInt>, created_at -> BigInt, last_seen_at -> Nullable<BigInt>,
    phone_given -> Nullable<Text>, phone_confirmed_at -> Nullable<BigInt>,
} }
diesel::table! { address_changes (token_hash) {
    token_hash -> Text, end_user_id -> Text, email -> Text, created_at -> BigInt, expires_at -> BigInt,
} }
diesel::table! { end_user_registrations (token_hash) {
    token_hash -> Text, name -> Text, email -> Text, email_lower -> Text, region -> Text, language -> Text, time_zone -> Text,
    password_hash -> Text, created_at -> BigInt, expires_at -> BigInt,
} }
diesel::table! { end_user_sessions (id) {
    id -> Text, token_hash -> Text, end_user_id -> Text, created_at -> BigInt, last_used_at -> BigInt, from_address -> Text,
    user_agent -> Text,
} }
diesel::table! { end_user_recovery_codes (end_user_id, code_hash) { end_user_id -> Text, code_hash -> Text, used_at -> Nullable<BigInt>, } }
diesel::table! { end_user_password_resets (token_hash) {
    token_hash -> Text, end_user_id -> Text, created_at -> BigInt, expires_at -> BigInt, used_at -> Nullable<BigInt>,
} }
diesel::table! { end_user_operations (id) {
    id -> BigInt, end_user_id -> Text, action -> Text, object_kind -> Text, object_id -> Text, object_name -> Text,
    from_address -> Text, result -> Text, at -> BigInt,
} }
diesel::table! { handovers (id) {
    id -> Text, company_id -> Text, site_id -> Text, kind -> Text, email -> Text, email_lower -> Text, phone -> Nullable<Text>,
    name -> Text, language -> Text, remark -> Text, asks -> Text, token_hash -> Text, state -> Text, invited_by -> Nullable<Text>,
    created_at -> BigInt, sent_at -> BigInt, expires_at -> BigInt, ended_at -> Nullable<BigInt>, end_user_id -> Nullable<Text>,
    pack -> Nullable<Text>, pack_sha256 -> Nullable<Text>,
} }
diesel::table! { grants (id) {
    id -> Text, company_id -> Text, site_id -> Text, device_id -> Nullable<Text>, permission -> Text, granted_at -> BigInt,
    valid_until -> Nullable<BigInt>, ended_at -> Nullable<BigInt>, ended_because -> Nullable<Text>,
    first_used_at -> Nullable<BigInt>, first_used_by -> Nullable<Text>, revoke_hash -> Nullable<Text>,
} }
diesel::table! { grant_requests (id) {
    id -> Text, company_id -> Text, site_id -> Text, kind -> Text, remark -> Text, asks -> Text, granted -> Nullable<Text>,
    state -> Text, asked_by -> Nullable<Text>, asked_by_name -> Text, created_at -> BigInt, ended_at -> Nullable<BigInt>,
} }
diesel::table! { company_invitations (id) {
    id -> Text, site_id -> Text, end_user_id -> Text, email -> Text, email_lower -> Text, remark -> Text, asks -> Text,
    token_hash -> Text, state -> Text, company_id -> Nullable<Text>, created_at -> BigInt, expires_at -> BigInt,
    ended_at -> Nullable<BigInt>,
} }
diesel::table! { shares (id) {
    id -> Text, site_id -> Text, giver_kind -> Text, giver_id -> Text, receiver_id -> Text, name -> Nullable<Text>,
    created_at -> BigInt, ended_at -> Nullable<BigInt>, ended_because -> Nullable<Text>,
} }
diesel::table! { share_channels (share_id, device_id, channel) {
    share_id -> Text, device_id -> Text, channel -> Integer, permissions -> Text, since -> BigInt,
} }
diesel::table! { access_log (site_id, n) {
    site_id -> Text, n -> BigInt, at -> BigInt, actor_kind -> Text, actor_id -> Text, actor_name -> Text, company_id -> Text,
    company_name -> Text, action -> Text, device_id -> Text, device_name -> Text, detail -> Text, previous_hash -> Text, hash -> Text,
} }
diesel::table! { workers (owner) { owner -> Text, started_at -> BigInt, seen_at -> BigInt, } }
diesel::table! { buckets (bucket) { bucket -> Integer, owner -> Nullable<Text>, leased_until -> BigInt, } }

diesel::allow_tables_to_appear_in_same_query!(
    companies,
    staff,
    sessions,
    sites,
    devices,
    measured,
    facts,
    disk_temperature_days,
    exceptions,
    imports,
    import_rows,
    remote_sessions,
    password_changes,
    roles,
    role_rights,
    recovery_codes,
    staff_invitations,
    password_resets,
    site_managers,
    panels,
    panel_accounts,
    panel_passwords,
    panel_removals,
    panel_exits,
    end_users,
    end_user_sessions,
    end_user_recovery_codes,
    end_user_password_resets,
    handovers,
    grants,
    grant_requests,
    company_invitations,
    shares,
    share_channels
);
