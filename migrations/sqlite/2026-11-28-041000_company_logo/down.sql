DROP TABLE company_logos;
