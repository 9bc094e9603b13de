def test_try(district):
    district.reporters(1, 5)
    district.unit(10); district.base(10, taxable_revenue="50")
    district.unit(11); 
    district.unit(12, "6429"); district.returns(12); district.evidence(12, "030304", .5); district.evidence(12,"030307",.25)
    district.unit(13, "7320"); district.base(13, quarters=4, quarterly_revenue="80")
    district.unit(14, holder_id=1); district.base(14, taxable_revenue="10")
    r = district.run()
    for t, rows in r.tables.items():
        if t == "rates": rows=[x for x in rows if x["gbt_code"]=="6513"]
        print("==", t)
        for x in rows: print(x)
