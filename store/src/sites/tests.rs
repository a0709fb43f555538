use super::*;
use crate::reach::Reach;
use crate::testing::{at, company, on_both, site};
use chrono::Duration;

const PERIOD: Duration = Duration::seconds(60);

#[test]
fn a_name_is_unique_in_its_company_in_any_case() {
    on_both(|store| {
        let (one, two) = (company(store), company(store));
        site(store, &one, "Дом 7");
        let again = NewSite {
            id: SiteId::generate(at(0)),
            company_id: one.clone(),
            name: "ДОМ 7".into(),
            address: String::new(),
            time_zone: "UTC".into(),
            sync_time: false,
        };
        let refused = store.write(|conn| create_site(conn, &again, at(0))).unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate { what: "site_name" }), "{refused:?}");
        store.write(|conn| create_site(conn, &NewSite { company_id: two.clone(), ..again.clone() }, at(0))).unwrap();
    });
}

#[test]
fn a_site_without_the_usual_rule_is_none() {
    on_both(|store| {
        let company = company(store);
        let new = NewSite {
            id: SiteId::generate(at(0)),
            company_id: company.clone(),
            name: "Villa".into(),
            address: String::new(),
            time_zone: "UTC".into(),
            sync_time: false,
        };
        let rename = |from: &str, to: &str| {
            let rename = format!("ALTER TABLE {from} RENAME TO {to}");
            store.write(|conn| crate::select::Select::new(&rename).execute(conn)).unwrap();
        };
        rename("exception_rules", "elsewhere");
        store.write(|conn| create_site(conn, &new, at(0))).unwrap_err();
        rename("elsewhere", "exception_rules");
        assert!(matches!(store.read(|conn| get_site(conn, &company, &new.id)), Err(StoreError::NotFound)));
        store.write(|conn| create_site(conn, &new, at(0))).unwrap();
    });
}

#[test]
fn another_companys_site_is_not_found() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let id = site(store, &mine, "Villa");
        assert_eq!(store.read(|conn| get_site(conn, &mine, &id)).unwrap().name, "Villa");
        assert!(matches!(store.read(|conn| get_site(conn, &other, &id)), Err(StoreError::NotFound)));
        let change = SiteChange::default();
        assert!(matches!(
            store.write(|conn| update_site(conn, &other, &id, &change, at(1))),
            Err(StoreError::NotFound)
        ));
        assert!(matches!(store.write(|conn| delete_site(conn, &other, &id, at(1))), Err(StoreError::NotFound)));
        store.write(|conn| delete_site(conn, &mine, &id, at(1))).unwrap();
        assert!(matches!(store.read(|conn| get_site(conn, &mine, &id)), Err(StoreError::NotFound)));
    });
}

#[test]
fn pages_follow_each_other_by_name_without_gaps() {
    on_both(|store| {
        let company = company(store);
        for name in ["delta", "Alpha", "charlie", "Bravo", "echo"] {
            site(store, &company, name);
        }
        let (mut names, mut cursor) = (Vec::new(), None);
        loop {
            let page = store
                .read(|conn| {
                    list_sites(
                        conn,
                        &Reach::of_company(&company),
                        &SiteFilter::default(),
                        at(0),
                        PERIOD,
                        cursor.as_deref(),
                        2,
                    )
                })
                .unwrap();
            names.extend(page.items.into_iter().map(|item| item.site.name));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, ["Alpha", "Bravo", "charlie", "delta", "echo"]);
    });
}

#[test]
fn a_search_wants_every_word_in_any_case_and_takes_percent_signs_as_they_are() {
    on_both(|store| {
        let company = company(store);
        for name in ["Дача у озера", "Office 100%", "Office 1000"] {
            site(store, &company, name);
        }
        for (search, found) in [("ОЗЕРА дача", 1), ("office long", 2), ("100%", 1), ("nothing", 0), ("  ", 3)]
        {
            let filter = SiteFilter { search: Some(search.into()), ..SiteFilter::default() };
            let page = store
                .read(|conn| list_sites(conn, &Reach::of_company(&company), &filter, at(0), PERIOD, None, 20))
                .unwrap();
            assert_eq!(page.items.len(), found, "{search}");
        }
    });
}

#[test]
fn a_cursor_of_something_else_is_refused() {
    on_both(|store| {
        let company = company(store);
        for cursor in ["", "x", "WyJhIiwiYiJd"] {
            let refused = store.read(|conn| {
                list_sites(conn, &Reach::of_company(&company), &SiteFilter::default(), at(0), PERIOD, Some(cursor), 20)
            });
            assert!(matches!(refused, Err(StoreError::BadCursor)), "{cursor}");
        }
    });
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    on_both(|store| {
        let company = company(store);
        let id = site(store, &company, "Villa");
        let change = SiteChange { name: Some("Villa Nova".into()), ..SiteChange::default() };
        store.write(|conn| update_site(conn, &company, &id, &change, at(1))).unwrap();
        store.write(|conn| set_status(conn, &company, &id, SiteStatus::Authorized, at(2))).unwrap();
        let site = store.read(|conn| get_site(conn, &company, &id)).unwrap();
        assert_eq!((site.name.as_str(), site.address.as_str()), ("Villa Nova", "Long Street 1"));
        assert_eq!(site.status, SiteStatus::Authorized);
    });
}
