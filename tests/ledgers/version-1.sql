BEGIN TRANSACTION;
CREATE TABLE acts (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, revision INTEGER NOT NULL, based_on INTEGER NOT NULL,
    kind TEXT NOT NULL, deed TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, site_time TEXT NOT NULL,
    as_of TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL, plan TEXT NOT NULL, previous TEXT NOT NULL,
    hash TEXT NOT NULL, UNIQUE (code, revision));
INSERT INTO "acts" VALUES(1,'CIML-017',1,0,'plan','{"case":"36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301","protocol":"09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901","site":"16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc"}','nurse','2026-06-11T16:00:00+00:00','2026-06-11T12:00:00','2026-06-11T12:00:00','','{"case":{"attestations":{"age-eligible":{"by":"","on":"2026-05-12"},"contraception-agreed":{"by":"coordinator","on":"2026-05-12"},"listed-cancers-only":{"by":"coordinator","on":"2026-05-12"},"not-breastfeeding":{"by":"","on":"2026-05-12"},"other-malignancy-remission":{"by":"coordinator","on":"2026-05-12"},"performance-scale":{"by":"study physician","on":"2026-05-21"},"pi-approved-count-control":{"by":"PI","on":"2026-05-21"}},"code":"CIML-017","dates":{"bcl2-inhibitor-last":[],"bcr-abl-inhibitor-last":[],"chemotherapy-last":["2026-05-11"],"chimerism":["2026-05-22"],"count-control-last":["2026-06-05"],"disease-assessment":["2026-05-21"],"dli-last":[],"gvhd-prophylaxis-last":["2026-05-04"],"gvhd-steroid-last":[],"gvhd-therapy-last":[],"immunotherapy-last":[],"investigational-agent-last":[],"marrow":["2026-05-21"],"nitrosourea-last":[],"pregnancy-test":[],"taper-completed":["2026-05-04"],"transplant":["2026-01-20"],"venetoclax-last":[],"virology":["2026-05-12"]},"planned_day_zero":"2026-06-15","planned_moment":"2026-06-15T10:00:00-04:00","planned_time":"10:00:00","protocol":"NCT04024761","rulings":[],"sha256":"36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301"},"entries":{"chimerism-after-infusion-1":{"of":1,"since":1},"chimerism-after-infusion-2":{"of":1,"since":1},"chimerism-after-infusion-3":{"of":1,"since":1},"consent-check-1":{"of":1,"since":1},"contraception-end-1":{"of":1,"since":1},"cyclophosphamide-1":{"of":1,"since":1},"cyclophosphamide-2":{"of":1,"since":1},"dlt-end-1":{"of":1,"since":1},"donor-collection-1":{"of":1,"since":1},"due/echo":{"of":1,"since":1},"due/organ-function":{"of":1,"since":1},"fludarabine-1":{"of":1,"since":1},"fludarabine-2":{"of":1,"since":1},"fludarabine-3":{"of":1,"since":1},"follow-up-1":{"of":1,"since":1},"follow-up-2":{"of":1,"since":1},"follow-up-3":{"of":1,"since":1},"il2-1":{"of":1,"since":1},"il2-2":{"of":1,"since":1},"il2-3":{"of":1,"since":1},"il2-4":{"of":1,"since":1},"il2-5":{"of":1,"since":1},"il2-6":{"of":1,"since":1},"il2-7":{"of":1,"since":1},"inhibitors-resume-1":{"of":1,"since":1},"line-check-1":{"of":1,"since":1},"line-check-2":{"of":1,"since":1},"line-check-3":{"of":1,"since":1},"line-check-4":{"of":1,"since":1},"line-check-5":{"of":1,"since":1},"line-check-6":{"of":1,"since":1},"line-check-7":{"of":1,"since":1},"nk-infusion-1":{"of":1,"since":1},"response-marrow-1":{"of":1,"since":1},"weight-1":{"of":1,"since":1},"weight-10":{"of":1,"since":1},"weight-11":{"of":1,"since":1},"weight-12":{"of":1,"since":1},"weight-13":{"of":1,"since":1},"weight-14":{"of":1,"since":1},"weight-15":{"of":1,"since":1},"weight-16":{"of":1,"since":1},"weight-17":{"of":1,"since":1},"weight-18":{"of":1,"since":1},"weight-19":{"of":1,"since":1},"weight-2":{"of":1,"since":1},"weight-3":{"of":1,"since":1},"weight-4":{"of":1,"since":1},"weight-5":{"of":1,"since":1},"weight-6":{"of":1,"since":1},"weight-7":{"of":1,"since":1},"weight-8":{"of":1,"since":1},"weight-9":{"of":1,"since":1}},"protocol":"09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901","schedule_id":"7b78ad8c-0e86-45ab-b643-dc4d8fcab863","site":"16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc","standing":{"begun":false,"cancelled":false,"day_zero":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"illness":false,"infused":false,"planned":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"records":{},"renumbered":{},"settled":[],"silent":false}}','{"banner":null,"events":[["weight-1","Day −5","2026-06-10",null,"2026-06-10T06:00:00-04:00","2026-06-10T06:00:00-04:00","unconfirmed"],["fludarabine-1","Day −5","2026-06-10",null,"2026-06-10T09:00:00-04:00","2026-06-10T09:00:00-04:00","unconfirmed"],["cyclophosphamide-1","Day −5","2026-06-10",null,"2026-06-10T11:00:00-04:00","2026-06-10T11:00:00-04:00","unconfirmed"],["consent-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["line-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["weight-2","Day −4","2026-06-11",null,"2026-06-11T06:00:00-04:00","2026-06-11T06:00:00-04:00","unconfirmed"],["fludarabine-2","Day −4","2026-06-11",null,"2026-06-11T09:00:00-04:00","2026-06-11T09:00:00-04:00","unconfirmed"],["cyclophosphamide-2","Day −4","2026-06-11",null,"2026-06-11T11:00:00-04:00","2026-06-11T11:00:00-04:00","unconfirmed"],["weight-3","Day −3","2026-06-12",null,"2026-06-12T06:00:00-04:00","2026-06-12T06:00:00-04:00","planned"],["fludarabine-3","Day −3","2026-06-12",null,"2026-06-12T09:00:00-04:00","2026-06-12T09:00:00-04:00","planned"],["weight-4","Day −2","2026-06-13",null,"2026-06-13T06:00:00-04:00","2026-06-13T06:00:00-04:00","planned"],["line-check-2","Day −2","2026-06-13",null,null,null,"planned"],["weight-5","Day −1","2026-06-14",null,"2026-06-14T06:00:00-04:00","2026-06-14T06:00:00-04:00","planned"],["donor-collection-1","Day −1","2026-06-14",null,null,null,"planned"],["weight-6","Day 0","2026-06-15",null,"2026-06-15T06:00:00-04:00","2026-06-15T06:00:00-04:00","planned"],["nk-infusion-1","Day 0","2026-06-15",null,"2026-06-15T10:00:00-04:00","2026-06-15T10:00:00-04:00","planned"],["weight-7","Day +1","2026-06-16",null,"2026-06-16T06:00:00-04:00","2026-06-16T06:00:00-04:00","planned"],["il2-1","Day +1","2026-06-16",null,"2026-06-16T20:00:00-04:00","2026-06-16T20:00:00-04:00","planned"],["line-check-3","Day +1","2026-06-16",null,null,null,"planned"],["weight-8","Day +2","2026-06-17",null,"2026-06-17T06:00:00-04:00","2026-06-17T06:00:00-04:00","planned"],["weight-9","Day +3","2026-06-18",null,"2026-06-18T06:00:00-04:00","2026-06-18T06:00:00-04:00","planned"],["il2-2","Day +3","2026-06-18",null,"2026-06-18T20:00:00-04:00","2026-06-18T20:00:00-04:00","planned"],["weight-10","Day +4","2026-06-19",null,"2026-06-19T06:00:00-04:00","2026-06-19T06:00:00-04:00","planned"],["line-check-4","Day +4","2026-06-19",null,null,null,"planned"],["weight-11","Day +5","2026-06-20",null,"2026-06-20T06:00:00-04:00","2026-06-20T06:00:00-04:00","planned"],["il2-3","Day +5","2026-06-20",null,"2026-06-20T20:00:00-04:00","2026-06-20T20:00:00-04:00","planned"],["weight-12","Day +6","2026-06-21",null,"2026-06-21T06:00:00-04:00","2026-06-21T06:00:00-04:00","planned"],["weight-13","Day +7","2026-06-22",null,"2026-06-22T06:00:00-04:00","2026-06-22T06:00:00-04:00","planned"],["il2-4","Day +7","2026-06-22",null,"2026-06-22T20:00:00-04:00","2026-06-22T20:00:00-04:00","planned"],["chimerism-after-infusion-1","Day +7","2026-06-22",null,null,null,"planned"],["line-check-5","Day +7","2026-06-22",null,null,null,"planned"],["weight-14","Day +8","2026-06-23",null,"2026-06-23T06:00:00-04:00","2026-06-23T06:00:00-04:00","planned"],["weight-15","Day +9","2026-06-24",null,"2026-06-24T06:00:00-04:00","2026-06-24T06:00:00-04:00","planned"],["il2-5","Day +9","2026-06-24",null,"2026-06-24T20:00:00-04:00","2026-06-24T20:00:00-04:00","planned"],["weight-16","Day +10","2026-06-25",null,"2026-06-25T06:00:00-04:00","2026-06-25T06:00:00-04:00","planned"],["line-check-6","Day +10","2026-06-25",null,null,null,"planned"],["weight-17","Day +11","2026-06-26",null,"2026-06-26T06:00:00-04:00","2026-06-26T06:00:00-04:00","planned"],["il2-6","Day +11","2026-06-26",null,"2026-06-26T20:00:00-04:00","2026-06-26T20:00:00-04:00","planned"],["weight-18","Day +12","2026-06-27",null,"2026-06-27T06:00:00-04:00","2026-06-27T06:00:00-04:00","planned"],["weight-19","Day +13","2026-06-28",null,"2026-06-28T06:00:00-04:00","2026-06-28T06:00:00-04:00","planned"],["il2-7","Day +13","2026-06-28",null,"2026-06-28T20:00:00-04:00","2026-06-28T20:00:00-04:00","planned"],["line-check-7","Day +13","2026-06-28",null,null,null,"planned"],["chimerism-after-infusion-2","Day +14","2026-06-29",null,null,null,"planned"],["response-marrow-1","Day +28","2026-07-13",null,null,null,"planned"],["chimerism-after-infusion-3","Day +28","2026-07-13",null,null,null,"planned"],["dlt-end-1","Day +42","2026-07-27",null,null,null,"planned"],["follow-up-1","Day +42","2026-07-27",null,null,null,"planned"],["inhibitors-resume-1","Day +43","2026-07-28",null,null,null,"planned"],["follow-up-2","Day +60","2026-08-14",null,null,null,"planned"],["follow-up-3","Day +100","2026-09-23",null,null,null,"planned"],["contraception-end-1","Day +135","2026-10-28",null,null,null,"planned"]],"findings":[["T1",null,"met",null,null,null,null],["T2",null,"met",null,null,null,null],["T3",null,"met",null,null,null,null],["T4","fludarabine.last","not stated","2026-06-12",null,null,null],["T5",null,"met",null,null,null,null],["T6","disease-assessment","met","2026-05-21","2026-05-18","2026-06-09","2026-06-18"],["T7","disease-assessment","met","2026-05-21","2026-05-19",null,null],["T7","taper-completed","met","2026-05-04",null,"2026-05-26",null],["T8","transplant","met","2026-01-20",null,"2026-04-14",null],["T8","disease-assessment","met","2026-05-21","2026-03-21",null,null],["T9","transplant","met","2026-01-20",null,"2026-04-10",null],["T10",null,"not applicable",null,null,null,null],["T11",null,"met","2026-05-12",null,null,null],["T12",null,"met","2026-05-21",null,null,null],["T13","chimerism","met","2026-05-22","2026-05-18","2026-06-14","2026-06-19"],["T14","marrow","met","2026-05-21","2026-05-18","2026-06-14","2026-06-18"],["T15",null,"not applicable",null,null,null,null],["T16","gvhd-steroid-last","not applicable",null,null,null,null],["T17","gvhd-prophylaxis-last","met","2026-05-04",null,"2026-05-17",null],["T18","gvhd-therapy-last","not applicable",null,null,null,null],["T19","organ-function","due",null,"2026-06-01","2026-06-14",null],["T20","echo","due",null,"2026-06-01","2026-06-14",null],["T21","pregnancy-test","not applicable",null,null,null,null],["T22",null,"met","2026-05-12",null,null,null],["T23",null,"met",null,null,null,null],["T24","investigational-agent-last","not applicable",null,null,null,null],["T25","count-control-last","met","2026-06-05",null,"2026-06-08",null],["T25","venetoclax-last","not applicable",null,null,null,null],["T25-approval",null,"met","2026-05-21",null,null,null],["T26","nitrosourea-last","not applicable",null,null,null,null],["T27","immunotherapy-last","not applicable",null,null,null,null],["T28",null,"due",null,null,null,null],["T29","chemotherapy-last","met","2026-05-11",null,"2026-05-31",null],["T30",null,"not applicable",null,null,null,null],["T31","dli-last","not applicable",null,null,null,null],["T31-gvhd",null,"not applicable",null,null,null,null],["T32","bcl2-inhibitor-last","not applicable",null,null,null,null],["T32","bcr-abl-inhibitor-last","not applicable",null,null,null,null],["T32","venetoclax-last","not applicable",null,null,null,null],["T33",null,"met",null,null,null,null],["T34",null,"due",null,null,null,null],["T35","marrow","not applicable",null,null,null,null],["T36","day-zero","met","2026-06-15",null,"2026-06-17",null],["T37",null,"met","2026-05-12",null,null,null],["T38",null,"met","2026-05-12",null,null,null],["T39",null,"met","2026-05-12",null,null,null],["T40","virology","met","2026-05-12","2026-05-04","2026-06-14","2026-06-23"]]}','0000000000000000000000000000000000000000000000000000000000000000','6d5c94ab57468a0ae608948242a2b26a0613c89b70ad7f8fe997a45a47f2d745');
INSERT INTO "acts" VALUES(2,'CIML-017',2,1,'slip','{"cause":"logistics","to":{"at":"2026-06-16T10:00:00-04:00","on":"2026-06-16"}}','nurse','2026-06-11T16:00:01+00:00','2026-06-11T12:00:00','2026-06-11T12:00:00','cells late','{"case":{"attestations":{"age-eligible":{"by":"","on":"2026-05-12"},"contraception-agreed":{"by":"coordinator","on":"2026-05-12"},"listed-cancers-only":{"by":"coordinator","on":"2026-05-12"},"not-breastfeeding":{"by":"","on":"2026-05-12"},"other-malignancy-remission":{"by":"coordinator","on":"2026-05-12"},"performance-scale":{"by":"study physician","on":"2026-05-21"},"pi-approved-count-control":{"by":"PI","on":"2026-05-21"}},"code":"CIML-017","dates":{"bcl2-inhibitor-last":[],"bcr-abl-inhibitor-last":[],"chemotherapy-last":["2026-05-11"],"chimerism":["2026-05-22"],"count-control-last":["2026-06-05"],"disease-assessment":["2026-05-21"],"dli-last":[],"gvhd-prophylaxis-last":["2026-05-04"],"gvhd-steroid-last":[],"gvhd-therapy-last":[],"immunotherapy-last":[],"investigational-agent-last":[],"marrow":["2026-05-21"],"nitrosourea-last":[],"pregnancy-test":[],"taper-completed":["2026-05-04"],"transplant":["2026-01-20"],"venetoclax-last":[],"virology":["2026-05-12"]},"planned_day_zero":"2026-06-15","planned_moment":"2026-06-15T10:00:00-04:00","planned_time":"10:00:00","protocol":"NCT04024761","rulings":[],"sha256":"36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301"},"entries":{"chimerism-after-infusion-1":{"of":2,"since":2},"chimerism-after-infusion-2":{"of":2,"since":2},"chimerism-after-infusion-3":{"of":2,"since":2},"consent-check-1":{"of":1,"since":1},"contraception-end-1":{"of":2,"since":2},"cyclophosphamide-1":{"of":1,"since":1},"cyclophosphamide-2":{"of":1,"since":1},"dlt-end-1":{"of":2,"since":2},"donor-collection-1":{"of":2,"since":2},"due/echo":{"of":2,"since":2},"due/organ-function":{"of":2,"since":2},"fludarabine-1":{"of":1,"since":1},"fludarabine-2":{"of":1,"since":1},"fludarabine-3":{"of":2,"since":2},"follow-up-1":{"of":2,"since":2},"follow-up-2":{"of":2,"since":2},"follow-up-3":{"of":2,"since":2},"il2-1":{"of":2,"since":2},"il2-2":{"of":2,"since":2},"il2-3":{"of":2,"since":2},"il2-4":{"of":2,"since":2},"il2-5":{"of":2,"since":2},"il2-6":{"of":2,"since":2},"il2-7":{"of":2,"since":2},"inhibitors-resume-1":{"of":2,"since":2},"line-check-1":{"of":1,"since":1},"line-check-2":{"of":2,"since":2},"line-check-3":{"of":2,"since":2},"line-check-4":{"of":2,"since":2},"line-check-5":{"of":2,"since":2},"line-check-6":{"of":2,"since":2},"line-check-7":{"of":2,"since":2},"nk-infusion-1":{"of":2,"since":2},"response-marrow-1":{"of":2,"since":2},"weight-1":{"of":1,"since":1},"weight-10":{"of":2,"since":2},"weight-11":{"of":2,"since":2},"weight-12":{"of":2,"since":2},"weight-13":{"of":2,"since":2},"weight-14":{"of":2,"since":2},"weight-15":{"of":2,"since":2},"weight-16":{"of":2,"since":2},"weight-17":{"of":2,"since":2},"weight-18":{"of":2,"since":2},"weight-19":{"of":2,"since":2},"weight-2":{"of":1,"since":1},"weight-3":{"of":2,"since":2},"weight-4":{"of":2,"since":2},"weight-5":{"of":2,"since":2},"weight-6":{"of":2,"since":2},"weight-7":{"of":2,"since":2},"weight-8":{"of":2,"since":2},"weight-9":{"of":2,"since":2}},"protocol":"09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901","schedule_id":"7b78ad8c-0e86-45ab-b643-dc4d8fcab863","site":"16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc","standing":{"begun":true,"cancelled":false,"day_zero":{"at":"2026-06-16T10:00:00-04:00","on":"2026-06-16"},"illness":false,"infused":false,"planned":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"records":{},"renumbered":{},"settled":[{"activity":"weight","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":"2026-06-10T06:00:00-04:00","flags":[],"id":"weight-1","label":"Day −5","last_date":null,"number":1,"of":19,"on":"2026-06-10","provenance":"site","since":1,"start":"2026-06-10T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T09:00:00-04:00","flags":[],"id":"fludarabine-1","label":"Day −5","last_date":null,"number":1,"of":3,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 1 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T11:00:00-04:00","flags":[],"id":"cyclophosphamide-1","label":"Day −5","last_date":null,"number":1,"of":2,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 1 of 2)","verify":true,"window":null},{"activity":"consent-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"consent-check-1","label":"Day −5","last_date":null,"number":1,"of":1,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"consent form in the chart","verify":false,"window":null},{"activity":"line-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"line-check-1","label":"Day −5","last_date":null,"number":1,"of":7,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"check the central line","verify":false,"window":null},{"activity":"weight","basis":"Day −4 = day 0 (Mon 15-Jun-2026) − 4 days; a task of the site''s own","category":"visit","day":-4,"donor":false,"end":"2026-06-11T06:00:00-04:00","flags":[],"id":"weight-2","label":"Day −4","last_date":null,"number":2,"of":19,"on":"2026-06-11","provenance":"site","since":1,"start":"2026-06-11T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T09:00:00-04:00","flags":[],"id":"fludarabine-2","label":"Day −4","last_date":null,"number":2,"of":3,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 2 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T11:00:00-04:00","flags":[],"id":"cyclophosphamide-2","label":"Day −4","last_date":null,"number":2,"of":2,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 2 of 2)","verify":true,"window":null},{"activity":"fludarabine","basis":"Day −3 = planned day 0 (Mon 15-Jun-2026) − 3 days; NCT04024761, Study Groups","category":"treatment","day":-3,"donor":false,"end":"2026-06-12T09:00:00-04:00","flags":[],"id":"fludarabine-3","label":"Day −3","last_date":null,"number":3,"of":3,"on":"2026-06-12","provenance":"stated","since":1,"start":"2026-06-12T09:00:00-04:00","status":"planned","task":false,"title":"fludarabine, intravenous infusion (dose 3 of 3)","verify":true,"window":null}],"silent":true}}','{"banner":"PRINCIPAL INVESTIGATOR TO CONFIRM: T36 Cells within 48 hours of the planned day 0","events":[["weight-1","Day −5","2026-06-10",null,"2026-06-10T06:00:00-04:00","2026-06-10T06:00:00-04:00","unconfirmed"],["fludarabine-1","Day −5","2026-06-10",null,"2026-06-10T09:00:00-04:00","2026-06-10T09:00:00-04:00","unconfirmed"],["cyclophosphamide-1","Day −5","2026-06-10",null,"2026-06-10T11:00:00-04:00","2026-06-10T11:00:00-04:00","unconfirmed"],["consent-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["line-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["weight-2","Day −4","2026-06-11",null,"2026-06-11T06:00:00-04:00","2026-06-11T06:00:00-04:00","unconfirmed"],["fludarabine-2","Day −4","2026-06-11",null,"2026-06-11T09:00:00-04:00","2026-06-11T09:00:00-04:00","unconfirmed"],["cyclophosphamide-2","Day −4","2026-06-11",null,"2026-06-11T11:00:00-04:00","2026-06-11T11:00:00-04:00","unconfirmed"],["fludarabine-3","Day −3","2026-06-12",null,"2026-06-12T09:00:00-04:00","2026-06-12T09:00:00-04:00","planned"],["weight-3","Day −3","2026-06-13",null,"2026-06-13T06:00:00-04:00","2026-06-13T06:00:00-04:00","planned"],["weight-4","Day −2","2026-06-14",null,"2026-06-14T06:00:00-04:00","2026-06-14T06:00:00-04:00","planned"],["line-check-2","Day −2","2026-06-14",null,null,null,"planned"],["weight-5","Day −1","2026-06-15",null,"2026-06-15T06:00:00-04:00","2026-06-15T06:00:00-04:00","planned"],["donor-collection-1","Day −1","2026-06-15",null,null,null,"planned"],["weight-6","Day 0","2026-06-16",null,"2026-06-16T06:00:00-04:00","2026-06-16T06:00:00-04:00","planned"],["nk-infusion-1","Day 0","2026-06-16",null,"2026-06-16T10:00:00-04:00","2026-06-16T10:00:00-04:00","planned"],["weight-7","Day +1","2026-06-17",null,"2026-06-17T06:00:00-04:00","2026-06-17T06:00:00-04:00","planned"],["il2-1","Day +1","2026-06-17",null,"2026-06-17T20:00:00-04:00","2026-06-17T20:00:00-04:00","planned"],["line-check-3","Day +1","2026-06-17",null,null,null,"planned"],["weight-8","Day +2","2026-06-18",null,"2026-06-18T06:00:00-04:00","2026-06-18T06:00:00-04:00","planned"],["weight-9","Day +3","2026-06-19",null,"2026-06-19T06:00:00-04:00","2026-06-19T06:00:00-04:00","planned"],["il2-2","Day +3","2026-06-19",null,"2026-06-19T20:00:00-04:00","2026-06-19T20:00:00-04:00","planned"],["weight-10","Day +4","2026-06-20",null,"2026-06-20T06:00:00-04:00","2026-06-20T06:00:00-04:00","planned"],["line-check-4","Day +4","2026-06-20",null,null,null,"planned"],["weight-11","Day +5","2026-06-21",null,"2026-06-21T06:00:00-04:00","2026-06-21T06:00:00-04:00","planned"],["il2-3","Day +5","2026-06-21",null,"2026-06-21T20:00:00-04:00","2026-06-21T20:00:00-04:00","planned"],["weight-12","Day +6","2026-06-22",null,"2026-06-22T06:00:00-04:00","2026-06-22T06:00:00-04:00","planned"],["weight-13","Day +7","2026-06-23",null,"2026-06-23T06:00:00-04:00","2026-06-23T06:00:00-04:00","planned"],["il2-4","Day +7","2026-06-23",null,"2026-06-23T20:00:00-04:00","2026-06-23T20:00:00-04:00","planned"],["chimerism-after-infusion-1","Day +7","2026-06-23",null,null,null,"planned"],["line-check-5","Day +7","2026-06-23",null,null,null,"planned"],["weight-14","Day +8","2026-06-24",null,"2026-06-24T06:00:00-04:00","2026-06-24T06:00:00-04:00","planned"],["weight-15","Day +9","2026-06-25",null,"2026-06-25T06:00:00-04:00","2026-06-25T06:00:00-04:00","planned"],["il2-5","Day +9","2026-06-25",null,"2026-06-25T20:00:00-04:00","2026-06-25T20:00:00-04:00","planned"],["weight-16","Day +10","2026-06-26",null,"2026-06-26T06:00:00-04:00","2026-06-26T06:00:00-04:00","planned"],["line-check-6","Day +10","2026-06-26",null,null,null,"planned"],["weight-17","Day +11","2026-06-27",null,"2026-06-27T06:00:00-04:00","2026-06-27T06:00:00-04:00","planned"],["il2-6","Day +11","2026-06-27",null,"2026-06-27T20:00:00-04:00","2026-06-27T20:00:00-04:00","planned"],["weight-18","Day +12","2026-06-28",null,"2026-06-28T06:00:00-04:00","2026-06-28T06:00:00-04:00","planned"],["weight-19","Day +13","2026-06-29",null,"2026-06-29T06:00:00-04:00","2026-06-29T06:00:00-04:00","planned"],["il2-7","Day +13","2026-06-29",null,"2026-06-29T20:00:00-04:00","2026-06-29T20:00:00-04:00","planned"],["line-check-7","Day +13","2026-06-29",null,null,null,"planned"],["chimerism-after-infusion-2","Day +14","2026-06-30",null,null,null,"planned"],["response-marrow-1","Day +28","2026-07-14",null,null,null,"planned"],["chimerism-after-infusion-3","Day +28","2026-07-14",null,null,null,"planned"],["dlt-end-1","Day +42","2026-07-28",null,null,null,"planned"],["follow-up-1","Day +42","2026-07-28",null,null,null,"planned"],["inhibitors-resume-1","Day +43","2026-07-29",null,null,null,"planned"],["follow-up-2","Day +60","2026-08-15",null,null,null,"planned"],["follow-up-3","Day +100","2026-09-24",null,null,null,"planned"],["contraception-end-1","Day +135","2026-10-29",null,null,null,"planned"]],"findings":[["T1",null,"met",null,null,null,null],["T2",null,"met",null,null,null,null],["T3",null,"met",null,null,null,null],["T4","fludarabine.last","not stated","2026-06-12",null,null,null],["T5",null,"met",null,null,null,null],["T6","disease-assessment","met","2026-05-21","2026-05-18","2026-06-09",null],["T7","disease-assessment","met","2026-05-21","2026-05-19",null,null],["T7","taper-completed","met","2026-05-04",null,"2026-05-26",null],["T8","transplant","met","2026-01-20",null,"2026-04-15",null],["T8","disease-assessment","met","2026-05-21","2026-03-21",null,null],["T9","transplant","met","2026-01-20",null,"2026-04-10",null],["T10",null,"not applicable",null,null,null,null],["T11",null,"met","2026-05-12",null,null,null],["T12",null,"met","2026-05-21",null,null,null],["T13","chimerism","met","2026-05-22","2026-05-19","2026-06-15","2026-06-19"],["T14","marrow","met","2026-05-21","2026-05-19","2026-06-15","2026-06-18"],["T15",null,"not applicable",null,null,null,null],["T16","gvhd-steroid-last","not applicable",null,null,null,null],["T17","gvhd-prophylaxis-last","met","2026-05-04",null,"2026-05-18",null],["T18","gvhd-therapy-last","not applicable",null,null,null,null],["T19","organ-function","due",null,"2026-06-02","2026-06-15",null],["T20","echo","due",null,"2026-06-02","2026-06-15",null],["T21","pregnancy-test","not applicable",null,null,null,null],["T22",null,"met","2026-05-12",null,null,null],["T23",null,"met",null,null,null,null],["T24","investigational-agent-last","not applicable",null,null,null,null],["T25","count-control-last","met","2026-06-05",null,"2026-06-08",null],["T25","venetoclax-last","not applicable",null,null,null,null],["T25-approval",null,"met","2026-05-21",null,null,null],["T26","nitrosourea-last","not applicable",null,null,null,null],["T27","immunotherapy-last","not applicable",null,null,null,null],["T28",null,"due",null,null,null,null],["T29","chemotherapy-last","met","2026-05-11",null,"2026-06-01",null],["T30",null,"not applicable",null,null,null,null],["T31","dli-last","not applicable",null,null,null,null],["T31-gvhd",null,"not applicable",null,null,null,null],["T32","bcl2-inhibitor-last","not applicable",null,null,null,null],["T32","bcr-abl-inhibitor-last","not applicable",null,null,null,null],["T32","venetoclax-last","not applicable",null,null,null,null],["T33",null,"met",null,null,null,null],["T34",null,"due",null,null,null,null],["T35","marrow","not applicable",null,null,null,null],["T36","day-zero","boundary","2026-06-16",null,"2026-06-17",null],["T37",null,"met","2026-05-12",null,null,null],["T38",null,"met","2026-05-12",null,null,null],["T39",null,"met","2026-05-12",null,null,null],["T40","virology","met","2026-05-12","2026-05-05","2026-06-15","2026-06-23"]]}','6d5c94ab57468a0ae608948242a2b26a0613c89b70ad7f8fe997a45a47f2d745','e53701f793435e9d75bd3c83b72b83f8f8730ba96b562664a684f5ea0e7ba644');
INSERT INTO "acts" VALUES(3,'CIML-017',3,2,'slip','{"cause":"logistics","to":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"}}','nurse','2026-06-11T16:00:02+00:00','2026-06-11T12:00:00','2026-06-11T12:00:00','cells late','{"case":{"attestations":{"age-eligible":{"by":"","on":"2026-05-12"},"contraception-agreed":{"by":"coordinator","on":"2026-05-12"},"listed-cancers-only":{"by":"coordinator","on":"2026-05-12"},"not-breastfeeding":{"by":"","on":"2026-05-12"},"other-malignancy-remission":{"by":"coordinator","on":"2026-05-12"},"performance-scale":{"by":"study physician","on":"2026-05-21"},"pi-approved-count-control":{"by":"PI","on":"2026-05-21"}},"code":"CIML-017","dates":{"bcl2-inhibitor-last":[],"bcr-abl-inhibitor-last":[],"chemotherapy-last":["2026-05-11"],"chimerism":["2026-05-22"],"count-control-last":["2026-06-05"],"disease-assessment":["2026-05-21"],"dli-last":[],"gvhd-prophylaxis-last":["2026-05-04"],"gvhd-steroid-last":[],"gvhd-therapy-last":[],"immunotherapy-last":[],"investigational-agent-last":[],"marrow":["2026-05-21"],"nitrosourea-last":[],"pregnancy-test":[],"taper-completed":["2026-05-04"],"transplant":["2026-01-20"],"venetoclax-last":[],"virology":["2026-05-12"]},"planned_day_zero":"2026-06-15","planned_moment":"2026-06-15T10:00:00-04:00","planned_time":"10:00:00","protocol":"NCT04024761","rulings":[],"sha256":"36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301"},"entries":{"chimerism-after-infusion-1":{"of":3,"since":3},"chimerism-after-infusion-2":{"of":3,"since":3},"chimerism-after-infusion-3":{"of":3,"since":3},"consent-check-1":{"of":1,"since":1},"contraception-end-1":{"of":3,"since":3},"cyclophosphamide-1":{"of":1,"since":1},"cyclophosphamide-2":{"of":1,"since":1},"dlt-end-1":{"of":3,"since":3},"donor-collection-1":{"of":3,"since":3},"due/echo":{"of":3,"since":3},"due/organ-function":{"of":3,"since":3},"fludarabine-1":{"of":1,"since":1},"fludarabine-2":{"of":1,"since":1},"fludarabine-3":{"of":3,"since":3},"follow-up-1":{"of":3,"since":3},"follow-up-2":{"of":3,"since":3},"follow-up-3":{"of":3,"since":3},"il2-1":{"of":3,"since":3},"il2-2":{"of":3,"since":3},"il2-3":{"of":3,"since":3},"il2-4":{"of":3,"since":3},"il2-5":{"of":3,"since":3},"il2-6":{"of":3,"since":3},"il2-7":{"of":3,"since":3},"inhibitors-resume-1":{"of":3,"since":3},"line-check-1":{"of":1,"since":1},"line-check-2":{"of":3,"since":3},"line-check-3":{"of":3,"since":3},"line-check-4":{"of":3,"since":3},"line-check-5":{"of":3,"since":3},"line-check-6":{"of":3,"since":3},"line-check-7":{"of":3,"since":3},"nk-infusion-1":{"of":3,"since":3},"response-marrow-1":{"of":3,"since":3},"weight-1":{"of":1,"since":1},"weight-10":{"of":3,"since":3},"weight-11":{"of":3,"since":3},"weight-12":{"of":3,"since":3},"weight-13":{"of":3,"since":3},"weight-14":{"of":3,"since":3},"weight-15":{"of":3,"since":3},"weight-16":{"of":3,"since":3},"weight-17":{"of":3,"since":3},"weight-18":{"of":3,"since":3},"weight-19":{"of":3,"since":3},"weight-2":{"of":1,"since":1},"weight-3":{"of":3,"since":3},"weight-4":{"of":3,"since":3},"weight-5":{"of":3,"since":3},"weight-6":{"of":3,"since":3},"weight-7":{"of":3,"since":3},"weight-8":{"of":3,"since":3},"weight-9":{"of":3,"since":3}},"protocol":"09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901","schedule_id":"7b78ad8c-0e86-45ab-b643-dc4d8fcab863","site":"16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc","standing":{"begun":true,"cancelled":false,"day_zero":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"illness":false,"infused":false,"planned":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"records":{},"renumbered":{},"settled":[{"activity":"weight","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":"2026-06-10T06:00:00-04:00","flags":[],"id":"weight-1","label":"Day −5","last_date":null,"number":1,"of":19,"on":"2026-06-10","provenance":"site","since":1,"start":"2026-06-10T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T09:00:00-04:00","flags":[],"id":"fludarabine-1","label":"Day −5","last_date":null,"number":1,"of":3,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 1 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T11:00:00-04:00","flags":[],"id":"cyclophosphamide-1","label":"Day −5","last_date":null,"number":1,"of":2,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 1 of 2)","verify":true,"window":null},{"activity":"consent-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"consent-check-1","label":"Day −5","last_date":null,"number":1,"of":1,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"consent form in the chart","verify":false,"window":null},{"activity":"line-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"line-check-1","label":"Day −5","last_date":null,"number":1,"of":7,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"check the central line","verify":false,"window":null},{"activity":"weight","basis":"Day −4 = day 0 (Mon 15-Jun-2026) − 4 days; a task of the site''s own","category":"visit","day":-4,"donor":false,"end":"2026-06-11T06:00:00-04:00","flags":[],"id":"weight-2","label":"Day −4","last_date":null,"number":2,"of":19,"on":"2026-06-11","provenance":"site","since":1,"start":"2026-06-11T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T09:00:00-04:00","flags":[],"id":"fludarabine-2","label":"Day −4","last_date":null,"number":2,"of":3,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 2 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T11:00:00-04:00","flags":[],"id":"cyclophosphamide-2","label":"Day −4","last_date":null,"number":2,"of":2,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 2 of 2)","verify":true,"window":null},{"activity":"fludarabine","basis":"Day −3 = planned day 0 (Mon 15-Jun-2026) − 3 days; NCT04024761, Study Groups","category":"treatment","day":-3,"donor":false,"end":"2026-06-12T09:00:00-04:00","flags":[],"id":"fludarabine-3","label":"Day −3","last_date":null,"number":3,"of":3,"on":"2026-06-12","provenance":"stated","since":1,"start":"2026-06-12T09:00:00-04:00","status":"planned","task":false,"title":"fludarabine, intravenous infusion (dose 3 of 3)","verify":true,"window":null}],"silent":false}}','{"banner":null,"events":[["weight-1","Day −5","2026-06-10",null,"2026-06-10T06:00:00-04:00","2026-06-10T06:00:00-04:00","unconfirmed"],["fludarabine-1","Day −5","2026-06-10",null,"2026-06-10T09:00:00-04:00","2026-06-10T09:00:00-04:00","unconfirmed"],["cyclophosphamide-1","Day −5","2026-06-10",null,"2026-06-10T11:00:00-04:00","2026-06-10T11:00:00-04:00","unconfirmed"],["consent-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["line-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["weight-2","Day −4","2026-06-11",null,"2026-06-11T06:00:00-04:00","2026-06-11T06:00:00-04:00","unconfirmed"],["fludarabine-2","Day −4","2026-06-11",null,"2026-06-11T09:00:00-04:00","2026-06-11T09:00:00-04:00","unconfirmed"],["cyclophosphamide-2","Day −4","2026-06-11",null,"2026-06-11T11:00:00-04:00","2026-06-11T11:00:00-04:00","unconfirmed"],["weight-3","Day −3","2026-06-12",null,"2026-06-12T06:00:00-04:00","2026-06-12T06:00:00-04:00","planned"],["fludarabine-3","Day −3","2026-06-12",null,"2026-06-12T09:00:00-04:00","2026-06-12T09:00:00-04:00","planned"],["weight-4","Day −2","2026-06-13",null,"2026-06-13T06:00:00-04:00","2026-06-13T06:00:00-04:00","planned"],["line-check-2","Day −2","2026-06-13",null,null,null,"planned"],["weight-5","Day −1","2026-06-14",null,"2026-06-14T06:00:00-04:00","2026-06-14T06:00:00-04:00","planned"],["donor-collection-1","Day −1","2026-06-14",null,null,null,"planned"],["weight-6","Day 0","2026-06-15",null,"2026-06-15T06:00:00-04:00","2026-06-15T06:00:00-04:00","planned"],["nk-infusion-1","Day 0","2026-06-15",null,"2026-06-15T10:00:00-04:00","2026-06-15T10:00:00-04:00","planned"],["weight-7","Day +1","2026-06-16",null,"2026-06-16T06:00:00-04:00","2026-06-16T06:00:00-04:00","planned"],["il2-1","Day +1","2026-06-16",null,"2026-06-16T20:00:00-04:00","2026-06-16T20:00:00-04:00","planned"],["line-check-3","Day +1","2026-06-16",null,null,null,"planned"],["weight-8","Day +2","2026-06-17",null,"2026-06-17T06:00:00-04:00","2026-06-17T06:00:00-04:00","planned"],["weight-9","Day +3","2026-06-18",null,"2026-06-18T06:00:00-04:00","2026-06-18T06:00:00-04:00","planned"],["il2-2","Day +3","2026-06-18",null,"2026-06-18T20:00:00-04:00","2026-06-18T20:00:00-04:00","planned"],["weight-10","Day +4","2026-06-19",null,"2026-06-19T06:00:00-04:00","2026-06-19T06:00:00-04:00","planned"],["line-check-4","Day +4","2026-06-19",null,null,null,"planned"],["weight-11","Day +5","2026-06-20",null,"2026-06-20T06:00:00-04:00","2026-06-20T06:00:00-04:00","planned"],["il2-3","Day +5","2026-06-20",null,"2026-06-20T20:00:00-04:00","2026-06-20T20:00:00-04:00","planned"],["weight-12","Day +6","2026-06-21",null,"2026-06-21T06:00:00-04:00","2026-06-21T06:00:00-04:00","planned"],["weight-13","Day +7","2026-06-22",null,"2026-06-22T06:00:00-04:00","2026-06-22T06:00:00-04:00","planned"],["il2-4","Day +7","2026-06-22",null,"2026-06-22T20:00:00-04:00","2026-06-22T20:00:00-04:00","planned"],["chimerism-after-infusion-1","Day +7","2026-06-22",null,null,null,"planned"],["line-check-5","Day +7","2026-06-22",null,null,null,"planned"],["weight-14","Day +8","2026-06-23",null,"2026-06-23T06:00:00-04:00","2026-06-23T06:00:00-04:00","planned"],["weight-15","Day +9","2026-06-24",null,"2026-06-24T06:00:00-04:00","2026-06-24T06:00:00-04:00","planned"],["il2-5","Day +9","2026-06-24",null,"2026-06-24T20:00:00-04:00","2026-06-24T20:00:00-04:00","planned"],["weight-16","Day +10","2026-06-25",null,"2026-06-25T06:00:00-04:00","2026-06-25T06:00:00-04:00","planned"],["line-check-6","Day +10","2026-06-25",null,null,null,"planned"],["weight-17","Day +11","2026-06-26",null,"2026-06-26T06:00:00-04:00","2026-06-26T06:00:00-04:00","planned"],["il2-6","Day +11","2026-06-26",null,"2026-06-26T20:00:00-04:00","2026-06-26T20:00:00-04:00","planned"],["weight-18","Day +12","2026-06-27",null,"2026-06-27T06:00:00-04:00","2026-06-27T06:00:00-04:00","planned"],["weight-19","Day +13","2026-06-28",null,"2026-06-28T06:00:00-04:00","2026-06-28T06:00:00-04:00","planned"],["il2-7","Day +13","2026-06-28",null,"2026-06-28T20:00:00-04:00","2026-06-28T20:00:00-04:00","planned"],["line-check-7","Day +13","2026-06-28",null,null,null,"planned"],["chimerism-after-infusion-2","Day +14","2026-06-29",null,null,null,"planned"],["response-marrow-1","Day +28","2026-07-13",null,null,null,"planned"],["chimerism-after-infusion-3","Day +28","2026-07-13",null,null,null,"planned"],["dlt-end-1","Day +42","2026-07-27",null,null,null,"planned"],["follow-up-1","Day +42","2026-07-27",null,null,null,"planned"],["inhibitors-resume-1","Day +43","2026-07-28",null,null,null,"planned"],["follow-up-2","Day +60","2026-08-14",null,null,null,"planned"],["follow-up-3","Day +100","2026-09-23",null,null,null,"planned"],["contraception-end-1","Day +135","2026-10-28",null,null,null,"planned"]],"findings":[["T1",null,"met",null,null,null,null],["T2",null,"met",null,null,null,null],["T3",null,"met",null,null,null,null],["T4","fludarabine.last","not stated","2026-06-12",null,null,null],["T5",null,"met",null,null,null,null],["T6","disease-assessment","met","2026-05-21","2026-05-18","2026-06-09",null],["T7","disease-assessment","met","2026-05-21","2026-05-19",null,null],["T7","taper-completed","met","2026-05-04",null,"2026-05-26",null],["T8","transplant","met","2026-01-20",null,"2026-04-14",null],["T8","disease-assessment","met","2026-05-21","2026-03-21",null,null],["T9","transplant","met","2026-01-20",null,"2026-04-10",null],["T10",null,"not applicable",null,null,null,null],["T11",null,"met","2026-05-12",null,null,null],["T12",null,"met","2026-05-21",null,null,null],["T13","chimerism","met","2026-05-22","2026-05-18","2026-06-14","2026-06-19"],["T14","marrow","met","2026-05-21","2026-05-18","2026-06-14","2026-06-18"],["T15",null,"not applicable",null,null,null,null],["T16","gvhd-steroid-last","not applicable",null,null,null,null],["T17","gvhd-prophylaxis-last","met","2026-05-04",null,"2026-05-17",null],["T18","gvhd-therapy-last","not applicable",null,null,null,null],["T19","organ-function","due",null,"2026-06-01","2026-06-14",null],["T20","echo","due",null,"2026-06-01","2026-06-14",null],["T21","pregnancy-test","not applicable",null,null,null,null],["T22",null,"met","2026-05-12",null,null,null],["T23",null,"met",null,null,null,null],["T24","investigational-agent-last","not applicable",null,null,null,null],["T25","count-control-last","met","2026-06-05",null,"2026-06-08",null],["T25","venetoclax-last","not applicable",null,null,null,null],["T25-approval",null,"met","2026-05-21",null,null,null],["T26","nitrosourea-last","not applicable",null,null,null,null],["T27","immunotherapy-last","not applicable",null,null,null,null],["T28",null,"due",null,null,null,null],["T29","chemotherapy-last","met","2026-05-11",null,"2026-05-31",null],["T30",null,"not applicable",null,null,null,null],["T31","dli-last","not applicable",null,null,null,null],["T31-gvhd",null,"not applicable",null,null,null,null],["T32","bcl2-inhibitor-last","not applicable",null,null,null,null],["T32","bcr-abl-inhibitor-last","not applicable",null,null,null,null],["T32","venetoclax-last","not applicable",null,null,null,null],["T33",null,"met",null,null,null,null],["T34",null,"due",null,null,null,null],["T35","marrow","not applicable",null,null,null,null],["T36","day-zero","met","2026-06-15",null,"2026-06-17",null],["T37",null,"met","2026-05-12",null,null,null],["T38",null,"met","2026-05-12",null,null,null],["T39",null,"met","2026-05-12",null,null,null],["T40","virology","met","2026-05-12","2026-05-04","2026-06-14","2026-06-23"]]}','e53701f793435e9d75bd3c83b72b83f8f8730ba96b562664a684f5ea0e7ba644','327b9c503018f838b30c5070772492aae16260ebfe0ee3b7d8f7abd09caab249');
INSERT INTO "acts" VALUES(4,'CIML-017',4,3,'note','{"text":"Phoned the cell lab."}','nurse','2026-06-11T16:00:03+00:00','2026-06-11T12:00:00','2026-06-11T12:00:00','','{"case":{"attestations":{"age-eligible":{"by":"","on":"2026-05-12"},"contraception-agreed":{"by":"coordinator","on":"2026-05-12"},"listed-cancers-only":{"by":"coordinator","on":"2026-05-12"},"not-breastfeeding":{"by":"","on":"2026-05-12"},"other-malignancy-remission":{"by":"coordinator","on":"2026-05-12"},"performance-scale":{"by":"study physician","on":"2026-05-21"},"pi-approved-count-control":{"by":"PI","on":"2026-05-21"}},"code":"CIML-017","dates":{"bcl2-inhibitor-last":[],"bcr-abl-inhibitor-last":[],"chemotherapy-last":["2026-05-11"],"chimerism":["2026-05-22"],"count-control-last":["2026-06-05"],"disease-assessment":["2026-05-21"],"dli-last":[],"gvhd-prophylaxis-last":["2026-05-04"],"gvhd-steroid-last":[],"gvhd-therapy-last":[],"immunotherapy-last":[],"investigational-agent-last":[],"marrow":["2026-05-21"],"nitrosourea-last":[],"pregnancy-test":[],"taper-completed":["2026-05-04"],"transplant":["2026-01-20"],"venetoclax-last":[],"virology":["2026-05-12"]},"planned_day_zero":"2026-06-15","planned_moment":"2026-06-15T10:00:00-04:00","planned_time":"10:00:00","protocol":"NCT04024761","rulings":[],"sha256":"36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301"},"entries":{"chimerism-after-infusion-1":{"of":3,"since":3},"chimerism-after-infusion-2":{"of":3,"since":3},"chimerism-after-infusion-3":{"of":3,"since":3},"consent-check-1":{"of":1,"since":1},"contraception-end-1":{"of":3,"since":3},"cyclophosphamide-1":{"of":1,"since":1},"cyclophosphamide-2":{"of":1,"since":1},"dlt-end-1":{"of":3,"since":3},"donor-collection-1":{"of":3,"since":3},"due/echo":{"of":3,"since":3},"due/organ-function":{"of":3,"since":3},"fludarabine-1":{"of":1,"since":1},"fludarabine-2":{"of":1,"since":1},"fludarabine-3":{"of":3,"since":3},"follow-up-1":{"of":3,"since":3},"follow-up-2":{"of":3,"since":3},"follow-up-3":{"of":3,"since":3},"il2-1":{"of":3,"since":3},"il2-2":{"of":3,"since":3},"il2-3":{"of":3,"since":3},"il2-4":{"of":3,"since":3},"il2-5":{"of":3,"since":3},"il2-6":{"of":3,"since":3},"il2-7":{"of":3,"since":3},"inhibitors-resume-1":{"of":3,"since":3},"line-check-1":{"of":1,"since":1},"line-check-2":{"of":3,"since":3},"line-check-3":{"of":3,"since":3},"line-check-4":{"of":3,"since":3},"line-check-5":{"of":3,"since":3},"line-check-6":{"of":3,"since":3},"line-check-7":{"of":3,"since":3},"nk-infusion-1":{"of":3,"since":3},"response-marrow-1":{"of":3,"since":3},"weight-1":{"of":1,"since":1},"weight-10":{"of":3,"since":3},"weight-11":{"of":3,"since":3},"weight-12":{"of":3,"since":3},"weight-13":{"of":3,"since":3},"weight-14":{"of":3,"since":3},"weight-15":{"of":3,"since":3},"weight-16":{"of":3,"since":3},"weight-17":{"of":3,"since":3},"weight-18":{"of":3,"since":3},"weight-19":{"of":3,"since":3},"weight-2":{"of":1,"since":1},"weight-3":{"of":3,"since":3},"weight-4":{"of":3,"since":3},"weight-5":{"of":3,"since":3},"weight-6":{"of":3,"since":3},"weight-7":{"of":3,"since":3},"weight-8":{"of":3,"since":3},"weight-9":{"of":3,"since":3}},"protocol":"09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901","schedule_id":"7b78ad8c-0e86-45ab-b643-dc4d8fcab863","site":"16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc","standing":{"begun":true,"cancelled":false,"day_zero":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"illness":false,"infused":false,"planned":{"at":"2026-06-15T10:00:00-04:00","on":"2026-06-15"},"records":{},"renumbered":{},"settled":[{"activity":"weight","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":"2026-06-10T06:00:00-04:00","flags":[],"id":"weight-1","label":"Day −5","last_date":null,"number":1,"of":19,"on":"2026-06-10","provenance":"site","since":1,"start":"2026-06-10T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T09:00:00-04:00","flags":[],"id":"fludarabine-1","label":"Day −5","last_date":null,"number":1,"of":3,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 1 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −5 = planned day 0 (Mon 15-Jun-2026) − 5 days; NCT04024761, Study Groups","category":"treatment","day":-5,"donor":false,"end":"2026-06-10T11:00:00-04:00","flags":[],"id":"cyclophosphamide-1","label":"Day −5","last_date":null,"number":1,"of":2,"on":"2026-06-10","provenance":"stated","since":1,"start":"2026-06-10T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 1 of 2)","verify":true,"window":null},{"activity":"consent-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"consent-check-1","label":"Day −5","last_date":null,"number":1,"of":1,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"consent form in the chart","verify":false,"window":null},{"activity":"line-check","basis":"Day −5 = day 0 (Mon 15-Jun-2026) − 5 days; a task of the site''s own","category":"visit","day":-5,"donor":false,"end":null,"flags":[],"id":"line-check-1","label":"Day −5","last_date":null,"number":1,"of":7,"on":"2026-06-10","provenance":"site","since":1,"start":null,"status":"unconfirmed","task":true,"title":"check the central line","verify":false,"window":null},{"activity":"weight","basis":"Day −4 = day 0 (Mon 15-Jun-2026) − 4 days; a task of the site''s own","category":"visit","day":-4,"donor":false,"end":"2026-06-11T06:00:00-04:00","flags":[],"id":"weight-2","label":"Day −4","last_date":null,"number":2,"of":19,"on":"2026-06-11","provenance":"site","since":1,"start":"2026-06-11T06:00:00-04:00","status":"unconfirmed","task":true,"title":"weigh the patient","verify":false,"window":null},{"activity":"fludarabine","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T09:00:00-04:00","flags":[],"id":"fludarabine-2","label":"Day −4","last_date":null,"number":2,"of":3,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T09:00:00-04:00","status":"unconfirmed","task":false,"title":"fludarabine, intravenous infusion (dose 2 of 3)","verify":true,"window":null},{"activity":"cyclophosphamide","basis":"Day −4 = planned day 0 (Mon 15-Jun-2026) − 4 days; NCT04024761, Study Groups","category":"treatment","day":-4,"donor":false,"end":"2026-06-11T11:00:00-04:00","flags":[],"id":"cyclophosphamide-2","label":"Day −4","last_date":null,"number":2,"of":2,"on":"2026-06-11","provenance":"stated","since":1,"start":"2026-06-11T11:00:00-04:00","status":"unconfirmed","task":false,"title":"cyclophosphamide, intravenous infusion (dose 2 of 2)","verify":true,"window":null},{"activity":"fludarabine","basis":"Day −3 = planned day 0 (Mon 15-Jun-2026) − 3 days; NCT04024761, Study Groups","category":"treatment","day":-3,"donor":false,"end":"2026-06-12T09:00:00-04:00","flags":[],"id":"fludarabine-3","label":"Day −3","last_date":null,"number":3,"of":3,"on":"2026-06-12","provenance":"stated","since":1,"start":"2026-06-12T09:00:00-04:00","status":"planned","task":false,"title":"fludarabine, intravenous infusion (dose 3 of 3)","verify":true,"window":null}],"silent":false}}','{"banner":null,"events":[["weight-1","Day −5","2026-06-10",null,"2026-06-10T06:00:00-04:00","2026-06-10T06:00:00-04:00","unconfirmed"],["fludarabine-1","Day −5","2026-06-10",null,"2026-06-10T09:00:00-04:00","2026-06-10T09:00:00-04:00","unconfirmed"],["cyclophosphamide-1","Day −5","2026-06-10",null,"2026-06-10T11:00:00-04:00","2026-06-10T11:00:00-04:00","unconfirmed"],["consent-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["line-check-1","Day −5","2026-06-10",null,null,null,"unconfirmed"],["weight-2","Day −4","2026-06-11",null,"2026-06-11T06:00:00-04:00","2026-06-11T06:00:00-04:00","unconfirmed"],["fludarabine-2","Day −4","2026-06-11",null,"2026-06-11T09:00:00-04:00","2026-06-11T09:00:00-04:00","unconfirmed"],["cyclophosphamide-2","Day −4","2026-06-11",null,"2026-06-11T11:00:00-04:00","2026-06-11T11:00:00-04:00","unconfirmed"],["weight-3","Day −3","2026-06-12",null,"2026-06-12T06:00:00-04:00","2026-06-12T06:00:00-04:00","planned"],["fludarabine-3","Day −3","2026-06-12",null,"2026-06-12T09:00:00-04:00","2026-06-12T09:00:00-04:00","planned"],["weight-4","Day −2","2026-06-13",null,"2026-06-13T06:00:00-04:00","2026-06-13T06:00:00-04:00","planned"],["line-check-2","Day −2","2026-06-13",null,null,null,"planned"],["weight-5","Day −1","2026-06-14",null,"2026-06-14T06:00:00-04:00","2026-06-14T06:00:00-04:00","planned"],["donor-collection-1","Day −1","2026-06-14",null,null,null,"planned"],["weight-6","Day 0","2026-06-15",null,"2026-06-15T06:00:00-04:00","2026-06-15T06:00:00-04:00","planned"],["nk-infusion-1","Day 0","2026-06-15",null,"2026-06-15T10:00:00-04:00","2026-06-15T10:00:00-04:00","planned"],["weight-7","Day +1","2026-06-16",null,"2026-06-16T06:00:00-04:00","2026-06-16T06:00:00-04:00","planned"],["il2-1","Day +1","2026-06-16",null,"2026-06-16T20:00:00-04:00","2026-06-16T20:00:00-04:00","planned"],["line-check-3","Day +1","2026-06-16",null,null,null,"planned"],["weight-8","Day +2","2026-06-17",null,"2026-06-17T06:00:00-04:00","2026-06-17T06:00:00-04:00","planned"],["weight-9","Day +3","2026-06-18",null,"2026-06-18T06:00:00-04:00","2026-06-18T06:00:00-04:00","planned"],["il2-2","Day +3","2026-06-18",null,"2026-06-18T20:00:00-04:00","2026-06-18T20:00:00-04:00","planned"],["weight-10","Day +4","2026-06-19",null,"2026-06-19T06:00:00-04:00","2026-06-19T06:00:00-04:00","planned"],["line-check-4","Day +4","2026-06-19",null,null,null,"planned"],["weight-11","Day +5","2026-06-20",null,"2026-06-20T06:00:00-04:00","2026-06-20T06:00:00-04:00","planned"],["il2-3","Day +5","2026-06-20",null,"2026-06-20T20:00:00-04:00","2026-06-20T20:00:00-04:00","planned"],["weight-12","Day +6","2026-06-21",null,"2026-06-21T06:00:00-04:00","2026-06-21T06:00:00-04:00","planned"],["weight-13","Day +7","2026-06-22",null,"2026-06-22T06:00:00-04:00","2026-06-22T06:00:00-04:00","planned"],["il2-4","Day +7","2026-06-22",null,"2026-06-22T20:00:00-04:00","2026-06-22T20:00:00-04:00","planned"],["chimerism-after-infusion-1","Day +7","2026-06-22",null,null,null,"planned"],["line-check-5","Day +7","2026-06-22",null,null,null,"planned"],["weight-14","Day +8","2026-06-23",null,"2026-06-23T06:00:00-04:00","2026-06-23T06:00:00-04:00","planned"],["weight-15","Day +9","2026-06-24",null,"2026-06-24T06:00:00-04:00","2026-06-24T06:00:00-04:00","planned"],["il2-5","Day +9","2026-06-24",null,"2026-06-24T20:00:00-04:00","2026-06-24T20:00:00-04:00","planned"],["weight-16","Day +10","2026-06-25",null,"2026-06-25T06:00:00-04:00","2026-06-25T06:00:00-04:00","planned"],["line-check-6","Day +10","2026-06-25",null,null,null,"planned"],["weight-17","Day +11","2026-06-26",null,"2026-06-26T06:00:00-04:00","2026-06-26T06:00:00-04:00","planned"],["il2-6","Day +11","2026-06-26",null,"2026-06-26T20:00:00-04:00","2026-06-26T20:00:00-04:00","planned"],["weight-18","Day +12","2026-06-27",null,"2026-06-27T06:00:00-04:00","2026-06-27T06:00:00-04:00","planned"],["weight-19","Day +13","2026-06-28",null,"2026-06-28T06:00:00-04:00","2026-06-28T06:00:00-04:00","planned"],["il2-7","Day +13","2026-06-28",null,"2026-06-28T20:00:00-04:00","2026-06-28T20:00:00-04:00","planned"],["line-check-7","Day +13","2026-06-28",null,null,null,"planned"],["chimerism-after-infusion-2","Day +14","2026-06-29",null,null,null,"planned"],["response-marrow-1","Day +28","2026-07-13",null,null,null,"planned"],["chimerism-after-infusion-3","Day +28","2026-07-13",null,null,null,"planned"],["dlt-end-1","Day +42","2026-07-27",null,null,null,"planned"],["follow-up-1","Day +42","2026-07-27",null,null,null,"planned"],["inhibitors-resume-1","Day +43","2026-07-28",null,null,null,"planned"],["follow-up-2","Day +60","2026-08-14",null,null,null,"planned"],["follow-up-3","Day +100","2026-09-23",null,null,null,"planned"],["contraception-end-1","Day +135","2026-10-28",null,null,null,"planned"]],"findings":[["T1",null,"met",null,null,null,null],["T2",null,"met",null,null,null,null],["T3",null,"met",null,null,null,null],["T4","fludarabine.last","not stated","2026-06-12",null,null,null],["T5",null,"met",null,null,null,null],["T6","disease-assessment","met","2026-05-21","2026-05-18","2026-06-09",null],["T7","disease-assessment","met","2026-05-21","2026-05-19",null,null],["T7","taper-completed","met","2026-05-04",null,"2026-05-26",null],["T8","transplant","met","2026-01-20",null,"2026-04-14",null],["T8","disease-assessment","met","2026-05-21","2026-03-21",null,null],["T9","transplant","met","2026-01-20",null,"2026-04-10",null],["T10",null,"not applicable",null,null,null,null],["T11",null,"met","2026-05-12",null,null,null],["T12",null,"met","2026-05-21",null,null,null],["T13","chimerism","met","2026-05-22","2026-05-18","2026-06-14","2026-06-19"],["T14","marrow","met","2026-05-21","2026-05-18","2026-06-14","2026-06-18"],["T15",null,"not applicable",null,null,null,null],["T16","gvhd-steroid-last","not applicable",null,null,null,null],["T17","gvhd-prophylaxis-last","met","2026-05-04",null,"2026-05-17",null],["T18","gvhd-therapy-last","not applicable",null,null,null,null],["T19","organ-function","due",null,"2026-06-01","2026-06-14",null],["T20","echo","due",null,"2026-06-01","2026-06-14",null],["T21","pregnancy-test","not applicable",null,null,null,null],["T22",null,"met","2026-05-12",null,null,null],["T23",null,"met",null,null,null,null],["T24","investigational-agent-last","not applicable",null,null,null,null],["T25","count-control-last","met","2026-06-05",null,"2026-06-08",null],["T25","venetoclax-last","not applicable",null,null,null,null],["T25-approval",null,"met","2026-05-21",null,null,null],["T26","nitrosourea-last","not applicable",null,null,null,null],["T27","immunotherapy-last","not applicable",null,null,null,null],["T28",null,"due",null,null,null,null],["T29","chemotherapy-last","met","2026-05-11",null,"2026-05-31",null],["T30",null,"not applicable",null,null,null,null],["T31","dli-last","not applicable",null,null,null,null],["T31-gvhd",null,"not applicable",null,null,null,null],["T32","bcl2-inhibitor-last","not applicable",null,null,null,null],["T32","bcr-abl-inhibitor-last","not applicable",null,null,null,null],["T32","venetoclax-last","not applicable",null,null,null,null],["T33",null,"met",null,null,null,null],["T34",null,"due",null,null,null,null],["T35","marrow","not applicable",null,null,null,null],["T36","day-zero","met","2026-06-15",null,"2026-06-17",null],["T37",null,"met","2026-05-12",null,null,null],["T38",null,"met","2026-05-12",null,null,null],["T39",null,"met","2026-05-12",null,null,null],["T40","virology","met","2026-05-12","2026-05-04","2026-06-14","2026-06-23"]]}','327b9c503018f838b30c5070772492aae16260ebfe0ee3b7d8f7abd09caab249','4356e7edc9053310539021d491fa0473f3ed44a7709a84a382ab0491a364152b');
CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "texts" VALUES('09901e2efa215456595096e693f7268405fd7efa4db362d2b45c1b30ffddf901','# NCT04024761 as a Dayzero protocol file. It is three things at once: the trial''s timing as the program reads it, an example
# for authors, and a chapter of the manual. Read it from top to bottom; each part says what it is before it begins.
#
# Two promises hold for the whole file:
#   - a number comes with the words it was read from ("quote"), exactly as the source has them;
#   - what the source leaves open stays open. It is a parameter for the site to fill, never a guess.

format = 1                                  # the version of this file format, always first
id = "NCT04024761"
title = "A Phase 1 Trial of CIML NK Cell Infusion for Myeloid Disease Relapse After Hematopoietic Cell Transplantation"
version = "registry record of 2026-01-02"   # printed on every sheet; change it with every change of the text
date = 2026-01-02
jurisdiction = "United States"
numbering = "day-zero"                      # …, -1, 0, +1. The other one is "day-one": …, -1, 1, 2
months = "next-first"                       # 31 December + 2 months = 1 March. The other one is "clamp": the last day of February
day-zero = "nk-infusion"                    # the activity whose start is day 0
source = "registry"                         # where quotations come from, unless an entry names another source


# Sources -------------------------------------------------------------------------------------------------------------

[sources.registry]
title = "ClinicalTrials.gov NCT04024761: A Phase 1 Trial of CIML NK Cell Infusion for Myeloid Disease Relapse After Hematopoietic Cell Transplantation (org_study_id 19-265)"
address = "https://clinicaltrials.gov/study/NCT04024761"
date = 2026-01-02

[sources.paper]
title = "Shapiro RM et al. Expansion, persistence, and efficacy of donor memory-like NK cells infused for posttransplant relapse. J Clin Invest 2022;132(11):e154334. PMID 35349491, doi 10.1172/JCI154334"
address = "https://doi.org/10.1172/JCI154334"
date = 2022-06-01


# Known dates ---------------------------------------------------------------------------------------------------------
# What has to be known of a patient. The case file gives each as a date, as a list of dates, or as "never".
#   title      completes "… no later than Sun 17-May-2026": a noun phrase that begins with a small letter
#   kind       "last": of a list the latest date counts (last doses, the taper, the transplant)
#              "test": each rule may be served by its own date of the list
#   required   the trial cannot do without it, so "never" is a mistake. Leave the key out of the case file and it is due.

[dates.transplant]
title = "most recent transplant"
kind = "last"
required = true

[dates.taper-completed]
title = "completion of the immune suppression taper"
kind = "last"

[dates.gvhd-steroid-last]
title = "last dose of a systemic corticosteroid for GVHD"
kind = "last"

[dates.gvhd-prophylaxis-last]
title = "last dose of tacrolimus, sirolimus or other GVHD prophylaxis"
kind = "last"

[dates.gvhd-therapy-last]                   # a procedure such as photopheresis counts by the date it was done
title = "last other systemic treatment for GVHD (medicine or procedure)"
kind = "last"

[dates.investigational-agent-last]
title = "last dose of an investigational agent"
kind = "last"

[dates.nitrosourea-last]
title = "last dose of a nitrosourea or of mitomycin C"
kind = "last"

[dates.immunotherapy-last]                  # donor lymphocytes have a date of their own: dli-last
title = "last dose of immunotherapy (donor lymphocyte infusion not counted)"
kind = "last"

[dates.chemotherapy-last]                   # neither the drugs of count-control-last nor this protocol''s own fludarabine and cyclophosphamide
title = "last dose of standard chemotherapy (count control and this trial''s lymphodepletion not counted)"
kind = "last"

[dates.count-control-last]
title = "last dose of hydroxyurea, a hypomethylating agent or low-dose cytarabine to control counts"
kind = "last"

[dates.venetoclax-last]                     # two rules speak of it, T25 and T32
title = "last dose of venetoclax"
kind = "last"

[dates.bcl2-inhibitor-last]
title = "last dose of a bcl-2 inhibitor other than venetoclax"
kind = "last"

[dates.bcr-abl-inhibitor-last]
title = "last dose of a BCR-ABL inhibitor"
kind = "last"

[dates.dli-last]
title = "last donor lymphocyte infusion"
kind = "last"

[dates.disease-assessment]
title = "assessment that shows persistence of disease"
kind = "test"
required = true

[dates.chimerism]
title = "test of T cell chimerism"
kind = "test"
required = true

[dates.marrow]
title = "bone marrow examination"
kind = "test"
required = true

[dates.organ-function]
title = "tests of organ function"
kind = "test"
required = true

[dates.echo]
title = "echocardiogram"
kind = "test"
required = true

[dates.pregnancy-test]
title = "pregnancy test"
kind = "test"

[dates.virology]
title = "tests for HIV, hepatitis B, hepatitis C and HTLV-1"
kind = "test"


# Parameters ----------------------------------------------------------------------------------------------------------
# What the public record leaves open. The site file gives the value; until it does, nothing that hangs on it gets a date,
# and "missing" is what the plan says instead.
#   kind    "days": study days of an activity, in the same words as "days" below
#           "window": first and last day for a test, counted from day 0
#   count   how many occurrences a source states; a site whose days do not give that number has made a mistake

[parameters.il2-days]
title = "days of the interleukin-2 doses"
kind = "days"
count = 7
source = "paper"
quote = "7 doses"
missing = "The public record says “combined with IL-2” and names no days; the paper counts 7 doses. Enter the days in the site file."

[parameters.dlt-end]
title = "end of the dose-limiting toxicity (DLT) period"
kind = "days"
missing = "The public record speaks of “the end of the DLT period” and does not say how long the period is; enter its last day in the site file."

[parameters.donor-collection]
title = "day of the donor''s collection"
kind = "days"
missing = "The public record asks for a “non-mobilized collection” and names no day; enter it in the site file."

[parameters.response-marrow]
title = "days of the bone marrow examinations after the infusion"
kind = "days"
missing = "The public record names no bone marrow examination after the infusion; enter the days in the site file."

[parameters.chimerism-after-infusion]
title = "days of the chimerism tests after the infusion"
kind = "days"
missing = "The public record names no chimerism test after the infusion; enter the days in the site file."

[parameters.follow-up]
title = "days of the follow-up visits"
kind = "days"
missing = "The public record names no follow-up visit; enter the days in the site file."

[parameters.pregnancy-test-window]
title = "window of the pregnancy test"
kind = "window"
missing = "The public record asks for a “Negative pregnancy test” and says nothing about its time; enter the window in the site file."

[parameters.virology-window]
title = "window of the tests for HIV, hepatitis B, hepatitis C and HTLV-1"
kind = "window"
missing = "The public record excludes these infections and says nothing about the time of the tests; enter the window in the site file."


# Attestations --------------------------------------------------------------------------------------------------------
# Sentences somebody stands for, with a date, in the case file. Each is worded so that it can be true of any patient who may
# go on; where a rule concerns only some, the others are named in the sentence.

[attestations.no-cardiac-change]
title = "No clinical evidence of a change in cardiovascular function since the echocardiogram before the transplant."

[attestations.age-eligible]
title = "At least 12 years old at consent."

[attestations.performance-scale]
title = "Performance status within the limit, by the scale for the patient''s age on the date of the assessment."

[attestations.contraception-agreed]
title = "Adequate contraception agreed from before study entry and for the duration of participation, or not of childbearing potential."

[attestations.pi-approved-count-control]
title = "The study''s principal investigator has approved the drugs that control counts, or none are used."

[attestations.adverse-events-recovered]
title = "Recovered from adverse events of earlier agents and of standard chemotherapy, or there were none."

[attestations.dli-no-gvhd]
title = "No earlier donor lymphocyte infusion led to GVHD that required systemic treatment."

[attestations.no-active-gvhd-or-illness]
title = "No active GVHD that requires systemic treatment, and no uncontrolled illness."

[attestations.not-breastfeeding]
title = "Not breastfeeding: discontinued, or never begun."

[attestations.other-malignancy-remission]
title = "No other malignancy, or in complete remission of it for at least 2 years at consent, or it is one of the listed cancers."

[attestations.listed-cancers-only]
title = "No other malignancy within the 2 years before consent, or only cancers that the record lists, treated as it describes."


# Courses -------------------------------------------------------------------------------------------------------------
# Activities that belong together. Once a course has begun, the rest of it keeps its calendar dates, whatever day 0 does.
#   from   the point its days are counted from. "day-zero" is the default; "planned-day-zero" stays where it was when day 0 slips.

[courses.lymphodepletion]
title = "Lymphodepletion"
from = "planned-day-zero"

[courses.il2]
title = "Interleukin-2"


# Activities ----------------------------------------------------------------------------------------------------------
# What gets dates on the calendar and the sheets.
#   title       generic names in full, no dose in milligrams
#   unit        what one occurrence is called: printed as "dose 2 of 3"
#   days        "0", "-5, -4", "-5 to -3", "1 day after dlt-end" … the grammar is a chapter of its own
#   parameter   instead of days: the parameter above from which the site gives them
#   category    treatment, test, visit or milestone
#   verify      true: the sheet has room for a second person''s initials
#   who         "patient" is the default, "donor" the other one
#   criterion   where in the record the quotation stands

[activities.fludarabine]
title = "fludarabine, intravenous infusion"
unit = "dose"
course = "lymphodepletion"
days = "-5 to -3"
category = "treatment"
verify = true
criterion = "Study Groups"
quote = "Fludarabine will be administered as IV infusion once daily for 3 doses beginning on day -5."

[activities.cyclophosphamide]
title = "cyclophosphamide, intravenous infusion"
unit = "dose"
course = "lymphodepletion"
days = "-5, -4"
category = "treatment"
verify = true
criterion = "Study Groups"
quote = "Cyclophosphamide will be administered as IV infusion on days -5 and -4."

[activities.nk-infusion]
title = "CIML NK cells, intravenous infusion"
unit = "infusion"
days = "0"
category = "treatment"
verify = true
criterion = "Study Groups"
quote = "CIML NK cells will be administered intravenously on day 0."

[activities.il2]
title = "interleukin-2 (IL-2)"
unit = "dose"
course = "il2"
parameter = "il2-days"
category = "treatment"
verify = true
criterion = "Brief Summary"
quote = "combined with IL-2"

[activities.donor-collection]
title = "non-mobilized collection from the original donor"
unit = "collection"
parameter = "donor-collection"
who = "donor"
category = "treatment"
criterion = "1.3"
quote = "willing and eligible for non-mobilized collection"

[activities.response-marrow]
title = "bone marrow examination for response"
unit = "test"
parameter = "response-marrow"
category = "test"

[activities.chimerism-after-infusion]
title = "chimerism test after the infusion"
unit = "test"
parameter = "chimerism-after-infusion"
category = "test"

[activities.dlt-end]
title = "end of the dose-limiting toxicity (DLT) period"
unit = "date"
parameter = "dlt-end"
category = "milestone"
criterion = "2.2"
quote = "the end of the DLT period"

[activities.inhibitors-resume]
title = "BCR-ABL and bcl-2 inhibitors may be resumed from this day"
unit = "date"
days = "1 day after dlt-end"
category = "milestone"
criterion = "2.2"
quote = "may be resumed after the end of the DLT period"

[activities.follow-up]
title = "follow-up visit"
unit = "visit"
parameter = "follow-up"
category = "visit"

[activities.contraception-end]
title = "men: contraception until this day, 4 months after the last interleukin-2 (IL-2) dose"
unit = "date"
days = "4 months after last il2"
category = "milestone"
criterion = "1.13"
quote = "4 months after the last IL-2 dose administration"


# Rules ---------------------------------------------------------------------------------------------------------------
# Every timing sentence of the record, T1 to T40. A rule is one of three things, or two of them together:
#
#   events       it says when something happens: the activities it dates.
#
#   bounds       it limits the distance between two points. One [[rules.T13.bounds]] for each known date it judges:
#     point      the date the finding is about
#     safe       sentences "POINT at least|more than|at most|less than N hours|days|weeks|months|years after POINT".
#                The sum is added to the point named last; there is no "before". All sentences must hold. Points are
#                planned-day-zero, day-zero, a known date, or an occurrence such as fludarabine.first
#     literal    where the text can be read two ways, the other reading. Kept only in this one: "boundary", the principal
#                investigator confirms. Left out: both readings are the same. []: the text can be read so that nothing is asked
#     if-broken  what follows when a slip of day 0 breaks the rule: "refuse", "repeat" (then "repeat" says what), or "ask"
#     aim        advice: days counted from planned day 0 that leave room for a slip of 48 hours
#     window     instead of safe and literal: a parameter of kind "window", given by the site
#     when       only then: "illness-slip", a slip of day 0 because of illness
#     unless-attested      an attestation that answers the rule without a date
#     again-after-illness  an illness makes the attestation due again
#     shown      true: the distance to day 0 is shown and never judged
#
#   statements   it asks for something that has no date in it. "words" are the words of the record:
#     kind       "attestation", "approval", "permission" (nothing is asked) or "anchor" (it says what others count from)
#     only-if    not applicable when all of these known dates are "never"
#
# A "note" says why this reading was taken.

[rules.T1]
title = "CIML NK cells on day 0"
criterion = "Study Groups"
quote = "CIML NK cells will be administered intravenously on day 0."
events = ["nk-infusion"]
note = "The record gives no time of day. The recorded start of the infusion becomes day 0."

[rules.T2]
title = "Fludarabine on 3 days in a row from day -5"
criterion = "Study Groups"
quote = "Fludarabine will be administered as IV infusion once daily for 3 doses beginning on day -5."
events = ["fludarabine"]
note = "“Once daily for 3 doses” is read as three dates in a row: days -5, -4 and -3."

[rules.T3]
title = "Cyclophosphamide on days -5 and -4"
criterion = "Study Groups"
quote = "Cyclophosphamide will be administered as IV infusion on days -5 and -4."
events = ["cyclophosphamide"]
note = "The record does not say which of the two drugs comes first on a day; no order is set."

[rules.T4]
title = "From the last lymphodepletion dose to the cells"
criterion = "Study Groups"
derivation = "derived from T1 and T2: the last dose is on day -3"
note = "The record states no limit for this gap. As planned it is 3 days by date, with 2 days of rest between. It is shown, and after a slip shown again, but never judged."

[[rules.T4.bounds]]
point = "fludarabine.last"
shown = true

[rules.T5]
title = "Interleukin-2 (IL-2) with the cells"
criterion = "Brief Summary"
quote = "combined with IL-2"
events = ["il2"]
note = "The record names neither days nor number. The paper counts 7 doses; their days come from the site."

[rules.T6]
title = "Persistence of disease within 4 weeks before the planned infusion"
criterion = "1.2"
quote = "Persistence of disease within 4 weeks before planned NK cell infusion"
note = "Counted from the planned day 0, so a slip does not change it. From the first lymphodepletion dose on, an assessment no longer shows where the patient stood before treatment; one on day -5 to day 0 is therefore for the principal investigator to confirm. An older registry text had an asterisk here whose footnote is lost."

[[rules.T6.bounds]]
point = "disease-assessment"
safe = ["planned-day-zero at least 6 days after disease-assessment", "planned-day-zero at most 28 days after disease-assessment"]
literal = ["planned-day-zero at least 0 days after disease-assessment", "planned-day-zero at most 28 days after disease-assessment"]
aim = "-26 to -6"

[rules.T7]
title = "At least 2 weeks after the end of the immune suppression taper"
criterion = "1.2"
quote = "at least 2 weeks after completion of immune suppression taper"
note = "By its grammar the sentence speaks of the disease assessment, by the sentence after it of the start of treatment. Both are asked. “At least 2 weeks” may mean 14 days or 14 clear days; exactly 14 days is for the principal investigator to confirm."

[[rules.T7.bounds]]
point = "disease-assessment"
safe = ["disease-assessment at least 15 days after taper-completed"]
literal = ["disease-assessment at least 14 days after taper-completed"]

[[rules.T7.bounds]]
point = "taper-completed"
safe = ["fludarabine.first at least 15 days after taper-completed"]
literal = ["fludarabine.first at least 14 days after taper-completed"]

[rules.T8]
title = "More than 2 months after the transplant"
criterion = "1.2"
quote = "as long as it is > 2 months after stem cell transplantation"
note = "“It” may be the infusion or the disease assessment. The infusion must always be later than 2 months; an assessment that is not is for the principal investigator to confirm. Months are added to the transplant date."

[[rules.T8.bounds]]
point = "transplant"
safe = ["day-zero more than 2 months after transplant"]

[[rules.T8.bounds]]
point = "disease-assessment"
safe = ["disease-assessment more than 2 months after transplant"]
literal = []

[rules.T9]
title = "Lymphodepletion no earlier than 2 months after the transplant"
criterion = "1.2"
quote = "chemotherapy with Fludarabine/Cyclophosphamide would need to start no earlier than at least 2 months after the transplant"
note = "The record sets this condition for patients whose taper ended early. It is asked of everyone: nobody is harmed by it."

[[rules.T9.bounds]]
point = "transplant"
safe = ["fludarabine.first at least 2 months after transplant"]
note-when = "fludarabine.first at most 62 days after transplant"
note-text = "Lymphodepletion starts within 62 days of the transplant. Two months are 59 to 62 days, depending on the month: check the transplant date."

[rules.T10]
title = "The most recent transplant counts"
criterion = "1.2"
quote = "the most recent stem cell transplant"
note = "Second transplants are allowed. All rules about the transplant count from the latest one."

[[rules.T10.statements]]
ref = "T10"
kind = "anchor"
words = "most recent"

[rules.T11]
title = "Age 12 years or older"
criterion = "1.4"
quote = "Age ≥12 years"
note = "The record does not say on which date. Age at consent is taken. A birth date is never entered here."

[[rules.T11.statements]]
ref = "T11"
kind = "attestation"
attestation = "age-eligible"
words = "Age ≥12 years"

[rules.T12]
title = "Performance status by the scale for the age"
criterion = "1.5"
quote = "Lansky (patients <16 years) or Karnofsky (≥16years) performance status of ≥50"
note = "A 16th birthday may fall inside screening; the age on the date of the assessment decides. Adults are assessed by ECOG."

[[rules.T12.statements]]
ref = "T12"
kind = "attestation"
attestation = "performance-scale"
words = "Lansky (patients <16 years) or Karnofsky (≥16years)"

[rules.T13]
title = "T cell chimerism within the 4 weeks before the cells"
criterion = "1.6"
quote = "T cell chimerism ≥20% donor-derived within the 4 weeks prior to cell infusion"
note = "Counted from the infusion as it happens, so a slip can make the test too old. After fludarabine a repeated test is no baseline: the principal investigator is asked. A test on day 0 itself is for the principal investigator to confirm."

[[rules.T13.bounds]]
point = "chimerism"
safe = ["day-zero at least 1 day after chimerism", "day-zero at most 28 days after chimerism"]
literal = ["day-zero at least 0 days after chimerism", "day-zero at most 28 days after chimerism"]
if-broken = "ask"
aim = "-26 to -6"

[rules.T14]
title = "Bone marrow involvement within the 4 weeks before the cells"
criterion = "1.7"
quote = "≤80% bone marrow involvement within 4 weeks prior to cell infusion"
note = "As T13. One bone marrow examination on day -26 to day -6 can serve this rule and T6."

[[rules.T14.bounds]]
point = "marrow"
safe = ["day-zero at least 1 day after marrow", "day-zero at most 28 days after marrow"]
literal = ["day-zero at least 0 days after marrow", "day-zero at most 28 days after marrow"]
if-broken = "ask"
aim = "-26 to -6"

[rules.T15]
title = "Drugs that control blasts are allowed between enrollment and the cells"
criterion = "1.7"
quote = "Medications like hydroxyurea, decitabine or cytarabine are allowed to control rising blasts between study enrollment and cell infusion"
note = "T25 asks for more: low-dose cytarabine only, approval, and a stop before lymphodepletion. T25 decides."

[[rules.T15.statements]]
ref = "T15"
kind = "permission"
words = "are allowed to control rising blasts"

[rules.T16]
title = "No systemic corticosteroid for GVHD for 4 weeks before the cells"
criterion = "1.8"
quote = "No systemic corticosteroid therapy for GVHD (≤ 5mg of prednisone or equivalent dose of systemic steroids for non-GVHD, non-autoimmune indications are allowed) for at least 4 weeks prior to cell infusion."
note = "“At least 4 weeks” may mean 28 days or 28 clear days; a last dose exactly 28 days before is for the principal investigator to confirm. Steroids for other reasons, as the record limits them, do not count."

[[rules.T16.bounds]]
point = "gvhd-steroid-last"
safe = ["day-zero at least 29 days after gvhd-steroid-last"]
literal = ["day-zero at least 28 days after gvhd-steroid-last"]

[rules.T17]
title = "Off GVHD prophylaxis for 4 weeks before the cells"
criterion = "1.8"
quote = "Patients on systemic GVHD prophylaxis medications such as tacrolimus or sirolimus need to be off these medications for at least 4 weeks prior to cell infusion."
note = "“Such as” takes in every systemic prophylaxis. Stricter than T7: both are kept, this one limits day 0. Exactly 28 days is for the principal investigator to confirm."

[[rules.T17.bounds]]
point = "gvhd-prophylaxis-last"
safe = ["day-zero at least 29 days after gvhd-prophylaxis-last"]
literal = ["day-zero at least 28 days after gvhd-prophylaxis-last"]

[rules.T18]
title = "No other systemic treatment for GVHD for 4 weeks before the cells"
criterion = "1.9"
quote = "No other systemic medications/treatments (e.g. ECP) for GVHD for at least 4 weeks prior to cell infusion."
note = "A procedure counts by the date it was done. Exactly 28 days is for the principal investigator to confirm."

[[rules.T18.bounds]]
point = "gvhd-therapy-last"
safe = ["day-zero at least 29 days after gvhd-therapy-last"]
literal = ["day-zero at least 28 days after gvhd-therapy-last"]

[rules.T19]
title = "Organ function within 2 weeks of the cells"
criterion = "1.11"
quote = "Adequate organ function within 2 weeks of NK cell infusion"
note = "“Within 2 weeks of” could look both ways; only a result before the infusion can qualify a patient. Lymphodepletion may change the values, so the aim ends before it. Give a list of dates if the tests were done on different days."

[[rules.T19.bounds]]
point = "organ-function"
safe = ["day-zero at least 1 day after organ-function", "day-zero at most 14 days after organ-function"]
literal = ["day-zero at least 0 days after organ-function", "day-zero at most 14 days after organ-function"]
if-broken = "repeat"
repeat = "organ function"
aim = "-12 to -6"

[rules.T20]
title = "Echocardiogram within 2 weeks of the cells, unless nothing has changed"
criterion = "1.11"
quote = "If there is no clinical evidence of a change in cardiovascular function from the time of pre-transplantation ECHO, then there is no need to repeat it. Otherwise, an ECHO will need to be repeated within 2 weeks of NK cell infusion."
note = "Somebody has to state that nothing has changed, with a date. Without that statement the 2 weeks hold, and they hold as well if no echocardiogram before the transplant is on file."

[[rules.T20.bounds]]
point = "echo"
unless-attested = "no-cardiac-change"
again-after-illness = true
safe = ["day-zero at least 1 day after echo", "day-zero at most 14 days after echo"]
literal = ["day-zero at least 0 days after echo", "day-zero at most 14 days after echo"]
if-broken = "repeat"
repeat = "echocardiogram"

[rules.T21]
title = "Negative pregnancy test"
criterion = "1.12"
quote = "Negative pregnancy test for women of childbearing potential only."
note = "The record says nothing about the time. The site gives the window. For a patient to whom this does not apply, enter “never” as the date."

[[rules.T21.bounds]]
point = "pregnancy-test"
window = "pregnancy-test-window"
if-broken = "repeat"
repeat = "pregnancy test"

[rules.T22]
title = "Contraception from before study entry and throughout"
criterion = "1.13"
quote = "prior to study entry and for the duration of study participation"
note = "The record does not say how long participation lasts; no end is shown. The end for men after the last interleukin-2 (IL-2) dose is T23."

[[rules.T22.statements]]
ref = "T22"
kind = "attestation"
attestation = "contraception-agreed"
words = "must agree to use adequate contraception"

[rules.T23]
title = "Men: contraception until 4 months after the last interleukin-2 (IL-2) dose"
criterion = "1.13"
quote = "4 months after the last IL-2 dose administration"
events = ["contraception-end"]
note = "Counted from the later of the last dose given and the last dose still planned. If no dose is given at all, the record has no end: ask the principal investigator."

[rules.T24]
title = "No investigational agent within 4 weeks before the cells"
criterion = "2.2"
quote = "investigational agents within 4 weeks prior to cell infusion"
note = "Day -28 lies inside the 4 weeks by one reading and outside by the other; it is for the principal investigator to confirm."

[[rules.T24.bounds]]
point = "investigational-agent-last"
safe = ["day-zero at least 29 days after investigational-agent-last"]
literal = ["day-zero at least 28 days after investigational-agent-last"]

[rules.T25]
title = "Count control stopped 1 day before lymphodepletion, with approval"
criterion = "2.2"
quote = "Use of hydroxyurea, hypomethylating agents, low-dose cytarabine or venetoclax to control counts within 4 weeks prior to cell infusion is permitted with study PI approval but would need to be stopped 1 day prior to administration of Fludarabine and Cyclophosphamide"
note = "“Stopped 1 day prior” may mean that the last dose is on the day before lymphodepletion, or that there is none on that day any more. A last dose on the day before is for the principal investigator to confirm. The record also asks that no adverse event of these drugs stands against lymphodepletion. For venetoclax see T32 as well."

[[rules.T25.bounds]]
point = "count-control-last"
safe = ["fludarabine.first at least 2 days after count-control-last"]
literal = ["fludarabine.first at least 1 day after count-control-last"]

[[rules.T25.bounds]]
point = "venetoclax-last"
safe = ["fludarabine.first at least 2 days after venetoclax-last"]
literal = ["fludarabine.first at least 1 day after venetoclax-last"]

[[rules.T25.statements]]
ref = "T25-approval"
kind = "approval"
attestation = "pi-approved-count-control"
words = "with study PI approval"
only-if = ["count-control-last", "venetoclax-last"]

[rules.T26]
title = "No nitrosourea or mitomycin C within 6 weeks before the cells"
criterion = "2.2"
quote = "6 weeks for nitrosoureas or mitomycin C"
note = "Exactly 42 days is for the principal investigator to confirm."

[[rules.T26.bounds]]
point = "nitrosourea-last"
safe = ["day-zero at least 43 days after nitrosourea-last"]
literal = ["day-zero at least 42 days after nitrosourea-last"]

[rules.T27]
title = "No immunotherapy within 8 weeks before the cells"
criterion = "2.2"
quote = "immunotherapy within 8 weeks prior"
note = "Prior to what is not written; the cell infusion named just before is taken. Donor lymphocyte infusions have their own rule, T31. Exactly 56 days is for the principal investigator to confirm."

[[rules.T27.bounds]]
point = "immunotherapy-last"
safe = ["day-zero at least 57 days after immunotherapy-last"]
literal = ["day-zero at least 56 days after immunotherapy-last"]

[rules.T28]
title = "Recovered from adverse events of earlier agents"
criterion = "2.2"
quote = "those who have not recovered from adverse events due to agents administered more than 4 weeks prior"
note = "This is about the patient''s state, not about a date; it is attested with a date."

[[rules.T28.statements]]
ref = "T28"
kind = "attestation"
attestation = "adverse-events-recovered"
words = "have not recovered from adverse events"
again-after-illness = true

[rules.T29]
title = "Standard chemotherapy more than 14 days ago"
criterion = "2.2"
quote = "standard chemotherapy administered more than 14 days ago"
note = "By its grammar the sentence asks only for recovery from adverse events (T28), and no gap at all; it also can be read as 14 days without chemotherapy. At least 15 days is safe; anything shorter is for the principal investigator to confirm. This trial''s own lymphodepletion and the drugs of T25 do not count."

[[rules.T29.bounds]]
point = "chemotherapy-last"
safe = ["day-zero at least 15 days after chemotherapy-last"]
literal = []

[rules.T30]
title = "FLT-3, IDH1 and IDH2 inhibitors may continue"
criterion = "2.2"
quote = "Patients on standard of care FLT-3, IDH1, and IDH2 inhibitors can stay on this treatment."
note = "Only standard of care treatment. Nothing has to be stopped."

[[rules.T30.statements]]
ref = "T30"
kind = "permission"
words = "can stay on this treatment"

[rules.T31]
title = "No donor lymphocyte infusion within 8 weeks of the cells"
criterion = "2.3"
quote = "Donor Lymphocyte Infusion (DLI) within 8 weeks of CIML NK infusion"
note = "Exactly 56 days is for the principal investigator to confirm. An earlier infusion is no obstacle if it led to no GVHD that required systemic treatment; that is attested."

[[rules.T31.bounds]]
point = "dli-last"
safe = ["day-zero at least 57 days after dli-last"]
literal = ["day-zero at least 56 days after dli-last"]

[[rules.T31.statements]]
ref = "T31-gvhd"
kind = "attestation"
attestation = "dli-no-gvhd"
words = "did not result in any GVHD requiring systemic treatment"
only-if = ["dli-last"]

[rules.T32]
title = "BCR-ABL and bcl-2 inhibitors stopped 2 weeks before the cells"
criterion = "2.2"
quote = "Therapy with BCR-ABL inhibitors or bcl-2 inhibitors must be stopped 2 weeks before NK cell infusion"
note = "Exactly 14 days is for the principal investigator to confirm. Venetoclax is a bcl-2 inhibitor, yet T25 lets it go on to the day before lymphodepletion if it controls counts. This sentence comes later and is stricter, so it decides: a last dose 6 to 14 days before the cells needs the principal investigator''s ruling, and a later one breaks both."

[[rules.T32.bounds]]
point = "bcl2-inhibitor-last"
safe = ["day-zero at least 15 days after bcl2-inhibitor-last"]
literal = ["day-zero at least 14 days after bcl2-inhibitor-last"]

[[rules.T32.bounds]]
point = "bcr-abl-inhibitor-last"
safe = ["day-zero at least 15 days after bcr-abl-inhibitor-last"]
literal = ["day-zero at least 14 days after bcr-abl-inhibitor-last"]

[[rules.T32.bounds]]
point = "venetoclax-last"
safe = ["day-zero at least 15 days after venetoclax-last"]
literal = ["day-zero at least 6 days after venetoclax-last"]

[rules.T33]
title = "BCR-ABL and bcl-2 inhibitors may be resumed after the dose-limiting toxicity (DLT) period"
criterion = "2.2"
quote = "may be resumed after the end of the DLT period"
events = ["inhibitors-resume"]
note = "“After the end” is read as from the next day on. The record does not say how long the period is; the site gives its end."

[rules.T34]
title = "No active GVHD and no uncontrolled illness"
criterion = "2.4, 2.8"
quote = "ongoing active GVHD requiring systemic treatment"   # 2.4; the words of 2.8 stand in the statement
note = "About the patient''s state on the day, without a window. Look again before lymphodepletion and before the cells."

[[rules.T34.statements]]
ref = "T34"
kind = "attestation"
attestation = "no-active-gvhd-or-illness"
words = "Uncontrolled intercurrent illness"
again-after-illness = true

[rules.T35]
title = "After an illness: is the bone marrow examination still recent enough?"
criterion = "2.9"
quote = "A repeat bone marrow examination may be required depending on the timing of recovery."
note = "The record gives no number. An examination more than 28 days before the new day 0 is put to the principal investigator, who decides about a repeat."

[[rules.T35.bounds]]
point = "marrow"
when = "illness-slip"
safe = ["day-zero at most 28 days after marrow"]
if-broken = "ask"

[rules.T36]
title = "Cells within 48 hours of the planned day 0"
criterion = "2.9"
quote = "if the NK cell infusion cannot be given within 48 hours of the planned day 0"
note = "A day has no hour: the 48 hours are counted from the planned start of the infusion, and the date is never later than 2 days after the planned one. They are counted from the planned day 0 however often day 0 slips. The record says this of a critical illness on the planned day; for any other cause it is silent, and the principal investigator confirms."

[[rules.T36.bounds]]
point = "day-zero"
safe = ["day-zero at most 48 hours after planned-day-zero"]
if-broken = "refuse"

[rules.T37]
title = "Breastfeeding discontinued"
criterion = "2.10"
quote = "breastfeeding should be discontinued if the mother is treated on this study"
note = "The record gives no date. Before the first dose of lymphodepletion is taken."

[[rules.T37.statements]]
ref = "T37"
kind = "attestation"
attestation = "not-breastfeeding"
words = "should be discontinued if the mother is treated on this study"

[rules.T38]
title = "Another malignancy: in complete remission for at least 2 years"
criterion = "2.13"
quote = "have had complete remission of disease for at least 2 years"
note = "The record does not say from which date the 2 years count back. Consent is taken. The record allows this case or the one of T39; the sentence to attest says so."

[[rules.T38.statements]]
ref = "T38"
kind = "attestation"
attestation = "other-malignancy-remission"
words = "for at least 2 years"

[rules.T39]
title = "Another malignancy within 2 years: only those listed"
criterion = "2.13"
quote = "Diagnosed and treated within the past 2 years for: nonmetastatic melanoma, surgically resected (not needing systemic chemotherapy) squamous cell carcinoma of skin and nonmetastatic prostate cancer not needing systemic chemotherapy."
note = "As T38: counted back from consent. Any other cancer within those 2 years excludes."

[[rules.T39.statements]]
ref = "T39"
kind = "attestation"
attestation = "listed-cancers-only"
words = "within the past 2 years"

[rules.T40]
title = "Tests for HIV, hepatitis B, hepatitis C and HTLV-1"
criterion = "2.12"
quote = "Individuals with active uncontrolled hepatitis B or C, HIV, or HTLV-1 are ineligible"
note = "Criterion 2.11 excludes HIV as well. Neither says when the tests have to be done. The site gives the window."

[[rules.T40.bounds]]
point = "virology"
window = "virology-window"
if-broken = "repeat"
repeat = "tests for HIV, hepatitis B, hepatitis C and HTLV-1"
');
INSERT INTO "texts" VALUES('16df21d329863c4a2ca8febbbbf116bebaec2686c308ad6b4a5226be96fb96cc','# EXAMPLE ONLY. The numbers in this file are not the trial''s. They show what a site has to enter where the public record is
# silent; replace every one from your approved protocol and your own procedures before you plan a patient with it.

format = 1
name = "Example site"
zone = "America/New_York"                   # all clock times below are this zone''s

# Flagged in the plan; nothing moves by itself.
holidays = [2026-05-25, 2026-06-19, 2026-07-03, 2026-09-07, 2026-11-26, 2026-12-25]
closures = ["2026-12-24 to 2027-01-01"]

# What NCT04024761 leaves open. A key that is left out stays "not stated", and gets no date.
[parameters]
il2-days = "+1 to +13 every 2 days"         # EXAMPLE: seven doses, the number the paper states
dlt-end = "+42"                             # EXAMPLE
donor-collection = "-1"                     # EXAMPLE
response-marrow = "+28 ±3"                  # EXAMPLE
chimerism-after-infusion = "+7, +14, +28"   # EXAMPLE
follow-up = "+42, +60, +100"                # EXAMPLE
pregnancy-test-window = "-7 to -1"          # EXAMPLE
virology-window = "-42 to -1"               # EXAMPLE

# The hour of an activity. The infusion''s own hour stands in the case file.
[times]
fludarabine = "09:00"
cyclophosphamide = "11:00"
il2 = "20:00"

# The site''s own tasks. They appear on the sheets beside the protocol''s.
[[tasks]]
id = "consent-check"
title = "consent form in the chart"
days = "-5"

[[tasks]]
id = "weight"
title = "weigh the patient"
days = "-5 to +13"
at = "06:00"

[[tasks]]
id = "line-check"
title = "check the central line"
days = "-5 to +13 every 3 days"
');
INSERT INTO "texts" VALUES('36231591ab71e5d09d256049b32387b7fbbba47b4afaf4eb0d18599ecd919301','# CIML-017: an invented patient. Copy this file for a new one and change every line.
# A study code only: never a name, a birth date or a record number.

format = 1
code = "CIML-017"
protocol = "NCT04024761"
planned-day-zero = 2026-06-15T10:00:00      # a date, or a date with the hour of the infusion, in the site''s time

# Known dates: a date, a list of dates, or "never". A key that is left out is not "no": it is due, and the plan says by when.
[dates]
transplant = 2026-01-20
taper-completed = 2026-05-04
gvhd-prophylaxis-last = 2026-05-04
gvhd-steroid-last = "never"
gvhd-therapy-last = "never"
investigational-agent-last = "never"
nitrosourea-last = "never"
immunotherapy-last = "never"
chemotherapy-last = 2026-05-11
count-control-last = 2026-06-05             # still to come on 26-May-2026: intended, shown as planned
venetoclax-last = "never"
bcl2-inhibitor-last = "never"
bcr-abl-inhibitor-last = "never"
dli-last = "never"
disease-assessment = 2026-05-21
marrow = 2026-05-21
chimerism = 2026-05-22
virology = 2026-05-12
pregnancy-test = "never"                    # not of childbearing potential
# organ-function and echo are left out: both are due.

# What somebody stands for: a date, or a date with a role ("by"; never a name).
[attestations]
age-eligible = 2026-05-12
performance-scale = { date = 2026-05-21, by = "study physician" }
contraception-agreed = { date = 2026-05-12, by = "coordinator" }
pi-approved-count-control = { date = 2026-05-21, by = "PI" }
not-breastfeeding = 2026-05-12
other-malignancy-remission = { date = 2026-05-12, by = "coordinator" }
listed-cancers-only = { date = 2026-05-12, by = "coordinator" }
# no-active-gvhd-or-illness and adverse-events-recovered are left out: both are due. So is no-cardiac-change, or the echocardiogram.
');
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_last BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER acts_new BEFORE INSERT ON acts
    WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id OR (code = NEW.code AND revision = NEW.revision))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER texts_new BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts WHERE sha256 = NEW.sha256)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER acts_last BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
COMMIT;