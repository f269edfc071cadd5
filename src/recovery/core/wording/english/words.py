"""The English words that phrases name in angle brackets: each list is what a text may say in one place of a phrase."""

from __future__ import annotations

from collections.abc import Mapping

from recovery.core.wording.lists import words

__all__ = ["LISTS"]


_LISTS: Mapping[str, tuple[str, ...]] = {
    "outsider": words(
        """
        host hosts organiser organisers promoter venue clinic shipyard boatyard brewery caterer caterers florist
        florists wholesalers bakery printery publisher publishers webhost supplier suppliers vendor vendors
        manufacturer manufacturers maker makers producer producers factory importer importers distributor distributors
        wholesaler dealer dealers dealership reseller retailer retailers seller sellers merchant merchants carrier
        carriers courier couriers shipper shippers forwarder haulier hauliers contractor contractors subcontractor
        subcontractors landlord franchisee airline airlines airport railway insurer customs dhl ups fedex usps hermes
        evri dpd gls tnt postnl yodel parcelforce openreach amazon ebay paypal microsoft google apple
        """,
        """
        delivery company, delivery firm, delivery service, delivery partner, delivery provider, delivery team,
        shipping company, shipping line, shipping agent, shipping partner, shipping provider, shipping firm, freight
        company, transport company, transport firm, haulage company, haulage firm, moving company, removal firm,
        removal company, courier company, courier firm, courier service, courier partner, parcel service, parcel
        company, parcel carrier, postal service, post office, royal mail, deutsche post, logistics partner, logistics
        company, logistics provider, fulfilment partner, fulfilment centre, third party, third parties, other company,
        partner company, partner firm, partner shop, service partner, sub contractor, sub contractors, network
        operator, network provider, phone company, phone provider, telephone company, internet provider, telecoms
        provider, telecom provider, hosting provider, hosting company, cloud provider, service provider, software
        vendor, software provider, software company, payment provider, payment processor, payments provider, card
        company, credit card company, card issuer, insurance company, power company, energy supplier, water company,
        booking site, booking platform, booking agent, ticket agency, travel agent, travel agency, tour operator,
        train company, bus company, ferry company, rail operator, property manager, estate agent, tyre maker, tire
        maker, car maker, boat builder, parts supplier, accounting firm, law firm, repair shop, body shop, air traffic
        control, external provider, external company, outside firm, outside company, installation company, cleaning
        company, security company, catering company, comparison site, previous owner, previous landlord, previous
        tenant, previous provider, previous supplier, supermarket chain, web agency, ferry line, ferry operator, bus
        line, shipping office, booking partner, sales partner, mail order company, film company, phone shop, online
        shop, online marketplace, marketplace, hosting firm, web host, parts dealer, car dealer, local dealer,
        security firm, repair company, repair centre, repair center, service centre, service center, authorised
        dealer, tram operator, credit agency, removal men, moving men, rental company, leasing company, energy
        company, gas company, heating engineer, event organiser, ticket office, travel company, cruise line, car
        rental, hire company
        """,
    ),
    "party": words(
        """
        consultant consultants adviser advisers advisor advisors worker workers glazier glaziers school schools
        university universities court courts ministry ministries embassy embassys registry registries notary notaries
        solicitor solicitors lawyer lawyers architect architects surveyor surveyors inspector inspectors foreman
        foremans bricklayer bricklayers tiler tilers decorator decorators handyman handymans janitor janitors
        caretaker caretakers concierge concierges porter porters guard guards doorman doormans bartender bartenders
        barista baristas hairdresser hairdressers stylist stylists instructor instructors trainer trainers guide
        guides translator translators editor editors developer developers programmer programmers tester testers
        administrator administrators moderator moderators auctioneer auctioneers banker bankers teller tellers
        underwriter underwriters adjuster adjusters assessor assessors dispatcher dispatchers planner planners picker
        pickers packer packers loader loaders captain captains skipper skippers marina marinas farmer farmers grower
        growers teacher teachers taxi taxis cab cabs usher ushers housekeeper housekeepers chambermaid chambermaids
        vet vets veterinarian veterinarians optician opticians therapist therapists midwife midwives paramedic
        paramedics mover movers stagehand stagehands webmaster webmasters bookkeeper bookkeepers secretary secretaries
        assistant assistants freelancer freelancers volunteer volunteers student students typesetter typesetters
        upholsterer upholsterers welder welders machinist machinists blacksmith blacksmiths mason masons plasterer
        plasterers drywaller drywallers partner partners provider providers agency agencies firm firms operator
        operators department departments crew crews manager managers stewardess nurse nurses surgeon dentist tailor
        jeweller photographer roofer roofers gardener gardeners joiner carpenter locksmith steward baker butcher agent
        agents trains driver drivers postman postmen mailman technician technicians engineer fitter fitters plumber
        electrician mechanic mechanics installer installers builder builders painter painters cleaner cleaners workman
        workmen receptionist cashier clerk waiter waitress chef cook pilot pilots trainee trainees intern interns
        apprentice apprentices temp temps colleague colleagues coworker employee employees salesman salesmen
        saleswoman salesperson salespeople predecessor neighbour neighbours neighbor neighbors tenant accountant
        accountants doctor pharmacist garage workshop hotel restaurant broker printers printer's council government
        authorities hospital laboratory lab pharmacy stevedores dockers post
        """,
        """
        new starter, new joiner, new recruit,
        co worker, co workers, member of staff, members of staff, staff member, staff members, team member, new hire,
        delivery driver, delivery drivers, delivery man, van driver, lorry driver, truck driver, sales team, sales
        department, sales rep, sales representative, sales staff, sales people, marketing department, billing
        department, accounts department, accounts team, accounting department, shipping department, legal department,
        it department, other department, another department, head office, call centre, call center, call centre agent,
        previous agent, previous adviser, previous advisor, previous team, previous manager, former manager, old team,
        former colleague, former employee, support agent, service agent, phone agent, temporary worker, tax office,
        other branch, other driver, other customer, other guests, phone line operator, hosting team, ground staff,
        ground handlers, baggage handlers, warehouse staff, warehouse team, warehouse worker, night shift, tax
        adviser, local authority, port authority, store manager, branch manager, shop manager, hotel manager, stand
        in, member of our staff, member of the staff, member of our team, members of our staff, previous tenant,
        previous employee, web designer, kitchen staff, reception desk, front desk, shop assistant, sales assistant,
        ground crew, cabin crew, tech support, support staff, new employee, old supplier, the bank, your bank, our
        bank, tour guide, web developer, gas man, delivery boy, delivery people, removal men, colleague from sales,
        harbour master, account manager, case worker, customs officer, parking attendant, security guard, security
        staff, box office, town hall, job centre, health insurance
        """,
    ),
    "unit": words(
        """
        warehouse depot branch store sales marketing purchasing accounting billing logistics dispatch production
        """,
        """
        sorting centre, sorting office, distribution centre, distribution center, fulfilment team, finance team
        """,
    ),
    "thing": words(
        """
        system systems computer computers software app machine router server servers printer database website
        algorithm
        """,
        """
        human error, computer error, software update, software bug, computer glitch, technical glitch, phone line,
        computer system
        """,
    ),
    "fate": words(
        """
        surge river landslide avalanche tornado eclipse pollen drought shortfall weather storm storms snow snowfall
        ice fog rain rains rainfall hail flood floods flooding heat heatwave frost wind winds hurricane typhoon
        earthquake lightning blizzard strike strikes walkout traffic congestion pandemic covid coronavirus lockdown
        lockdowns brexit war sanctions tariffs shortage shortages outage outages roadworks misfortune tides christmas
        easter holidays
        """,
        """
        bad luck, power cut, power outage, power failure, bad weather, act of god, acts of god, force majeure, human
        error, computer error, traffic jam, traffic jams, bank holiday, holiday season, long weekend, public holiday,
        weather conditions, weather disruptions, supply chain, supply chains, supply shortages, staff illness,
        computer glitch, software bug, software update, technical glitch, transportation issues, transport issues,
        industrial action, road works, covid 19, power surge, icy roads, high water, low water, staff sickness, flu
        wave, cyber attack, hacker attack, supply bottleneck, supply bottlenecks
        """,
    ),
    "unforeseen": words(
        """
        unforeseen unforeseeable unexpected unavoidable inevitable unpredictable exceptional extraordinary
        """,
    ),
    "be": words(
        """
        is are was were be been being am
        """,
    ),
    "have": words(
        """
        has have had having
        """,
    ),
    "us": words(
        """
        us me ours mine ourselves myself
        """,
    ),
    "cause": words(
        """

        """,
        """
        because of, due to, owing to, on account of, as a result of, as a consequence of, caused by, thanks to, down
        to, attributable to, resulting from, brought about by, result of, consequence of, fault of, mistake of, error
        of, negligence of, in view of, on the grounds of, triggered by, by reason of, results from, stems from
        """,
    ),
    "fault": words(
        """
        fault mistake mistakes error errors blunder oversight negligence failure failures carelessness slip
        incompetence slowness wrongdoing doing misconduct sloppiness misjudgement unreliability
        """,
        """
        mix up, slip up, human error
        """,
    ),
    "harm": words(
        """
        delay delays damage loss leak breach breakdown breakage defect defects fault faults crack cracks problem
        problems trouble troubles mess error errors mistake mistakes disruption inconvenience cancellation issue
        issues outage failure lateness damages charge blame breakages backlog this that
        """,
        """
        mix up, late delivery, late arrival, wrong delivery, double charge
        """,
    ),
    "failed": words(
        """
        scratched bumped rejected cancelled canceled destroyed blocked flooded burned burnt tore torn bent leaked
        spilled spilt stained soaked mangled squashed withheld swapped confused dumped abandoned stranded shortchanged
        shorted skipped misjudged miscounted mishung sabotaged tangled dropped flattened poisoned overheated
        overfilled undercooked overcooked jammed failed forgot forgets forgotten misplaced mislaid botched mishandled
        misfiled misdirected mislabelled mislabeled misinformed misled misread miscalculated misquoted misrouted
        neglected overlooked ignored delayed disappointed overbooked overcharged undercharged miscommunicated
        misunderstood lost damaged broke ruined spoiled spoilt dented crushed stole missed mistyped mixed messed
        screwed bungled omitted refused lied oversold underestimated smashed cracked wrecked
        """,
    ),
    "acted": words(
        """
        sold bumped cut quoted stamped loaded unloaded parked painted wired measured addressed set sent gave delivered
        packed used supplied shipped provided issued installed fitted entered printed picked ordered told booked made
        left charged took got put did returned deleted cancelled canceled threw wrote dispatched typed recorded noted
        """,
    ),
    "wrongly": words(
        """
        bad unsuitable outdated expired wrong faulty defective poor mistake mistakes error errors mess blunder
        incorrect wrongly incorrectly poorly badly twice shoddy sloppy damaged broken late mistakenly carelessly
        unfounded
        """,
        """
        by mistake, by accident, in error, too late, too long, too much, too slowly
        """,
    ),
    "lost": words(
        """
        lost damaged broken misplaced mislaid delayed mishandled stolen overlooked deleted cancelled canceled ruined
        spoiled spoilt scratched dented crushed dropped mistyped misfiled misdirected misrouted mislabelled caused
        forgotten botched returned disrupted mixed
        """,
        """
        held up, held back, let down, mixed up, messed up, filled in wrongly, filled in incorrectly, entered
        incorrectly, entered wrongly, thrown away, charged twice, set off
        """,
    ),
    "deliver": words(
        """
        see look understand react open process handle clean repair fix listen realise want know deliver send ship
        dispatch turn show arrive come answer reply respond tell inform pass keep meet honour honor do finish complete
        supply provide check notice scan follow care bother forward warn notify return stick pack load book register
        record collect pick call ring update manage get hand read test inspect order enter post fulfil transfer
        """,
    ),
    "delivered": words(
        """
        delivered sent shipped dispatched turned shown arrived come answered replied responded told informed passed
        kept met honoured done finished completed supplied provided checked noticed scanned processed followed
        forwarded warned notified returned collected called updated managed handed got paid ordered
        """,
    ),
    "late": words(
        """
        rude impolite unfriendly inexperienced untrained lazy inattentive distracted drunk overworked confused
        unprepared mistaken late slow unreliable careless negligent sloppy incompetent overloaded overwhelmed useless
        hopeless disorganised unable
        """,
        """
        to blame, at fault, in the wrong, too slow, too late, very slow, very late, running late, short staffed
        """,
    ),
    "you_failed": words(
        """
        failed forgot neglected ignored misread misunderstood mistyped misused overlooked dropped damaged broke
        overloaded refused omitted mishandled overfilled mixed lost scratched misplaced tampered missed
        """,
    ),
    "you_used": words(
        """
        left used opened dropped overloaded ignored installed washed plugged
        moved touched forgot tried drove stored cut dented ran let
        """,
    ),
    "you_said": words(
        """
        entered gave typed filled chose ordered bought charged put took waited told sent wrote kept paid booked called
        """,
    ),
    "duty": words(
        """
        follow read close send return answer reply respond pay tell inform provide give check keep comply sign
        register cancel use confirm fill complete enter update notify attend turn show pick collect open save back
        install tick click press choose disclose mention supply submit contact listen look switch maintain store pack say clean
        service wait charge lock secure report insure
        """,
    ),
    "dutiful": words(
        """
        read told checked called closed sent kept known noticed ordered cancelled returned informed asked registered
        followed paid used contacted backed saved come said mentioned locked packed insured measured tested answered
        replied looked listened maintained cleaned switched stored reported waited warned signed thought realised
        realized paused rung clicked ticked pressed chosen spoken written arranged brought unplugged updated protected
        """,
    ),
    "turn_to": words(
        """
        contact call ring phone telephone email approach ask consult chase sue pursue
        """,
        """
        write to, speak to, speak with, talk to, talk with, get in touch with, get in contact with, reach out to, turn
        to, go to, go back to, check with, follow up with, complain to, take this up with, take it up with, take that
        up with, take up with, take the matter up with, raise this with, raise it with, raise that with, raise the
        matter with, settle this with, settle it with, settle that with, sort this out with, sort it out with, clear
        this up with, liaise with, deal with, deal directly with, appeal to, report this to, report it to, apply to,
        enquire with, inquire with, address yourself to, refer to, return it to, return this to, send it to, send it
        back to, bring it to, take it to, pursue the matter with, discuss this with, pursue this with, arrange this
        with, arrange the return with, arrange a return with, claim from, claim against, argue with, get hold of, make
        contact with, get back to, go through, hear from, take that matter up with, settle the matter with, settle the
        claim with, settle this directly with, clarify this with, take this to
        """,
    ),
    "claim": words(
        """
        claim claims complaint complaints dispute fault case request query grievance ticket damage loss refund money
        warranty return guarantee compensation defect problem issue matter
        """,
    ),
    "put_in": words(
        """
        file make lodge raise register submit direct address send open bring place put take get recover claim arrange
        start
        """,
    ),
    "body": words(
        """
        ombudsman ombudswoman ombudsmen ombudsperson
        """,
        """
        consumer centre, consumer center, consumer protection, consumer advice, consumer association, consumer
        organisation, arbitration board, small claims court, small claims, financial ombudsman, ombudsman service,
        trading standards, better business bureau, chamber of commerce, data protection authority, supervisory
        authority, conciliation body, mediation body, dispute resolution body, citizens advice, attorney general
        """,
    ),
    "office": words(
        """
        ofcom ofgem cfpb ftc bbb regulator regulators court authority authorities lawyer solicitor police arbitrator
        """,
    ),
    "policy": words(
        """
        policy policies terms conditions guidelines guideline rules regulations procedure procedures t&c
        """,
        """
        terms and conditions, terms of service, terms of use, terms of sale, conditions of sale, general terms, refund
        policy, returns policy, return policy, company policy, warranty terms, house rules, warranty policy,
        cancellation policy, shipping policy, t cs, t c, t and cs, t s and c s, cancellation terms, company rules,
        refund rules, payment terms
        """,
    ),
    "paper": words(
        """
        agreement contract
        """,
        """
        service agreement, terms and conditions, user agreement
        """,
    ),
    "says": words(
        """
        say says state states stated is are do does prohibit prohibits forbid forbids allow allows permit permits
        require requires only leave leaves provide provides exclude excludes cover covers mean means stipulate
        stipulates dictate dictates clear clearly specify specifies limit limits prevent prevents make makes cannot
        can will would oblige obliges entitle entitles
        """,
    ),
    "says_so": words(
        """
        say says state states stated prohibit prohibits forbid forbids allow allows permit permits require requires
        exclude excludes stipulate stipulates dictate dictates specify specifies oblige obliges entitle entitles cannot
        """,
        """
        is clear, are clear, provide that, mean that, is that, only cover, only covers, leave us, leaves us
        """,
    ),
    "fine": words(
        """
        ok okay fine alright acceptable agreeable satisfactory good enough
        """,
        """
        all right, in order, o k, good enough
        """,
    ),
    "day": words(
        """
        monday tuesday wednesday thursday friday saturday sunday tomorrow today tonight weekend
        """,
    ),
    "month": words(
        """
        january february march april may june july august september october november december
        """,
    ),
    "span": words(
        """
        minute minutes hour hours day days week weeks month months
        """,
        """
        working day, working days, business day, business days
        """,
    ),
    "number": words(
        """
        a an one two three four five six seven eight nine ten eleven twelve 1 2 3 4 5 6 7 8 9 10 11 12 14 15 20 21 24
        28 30 48 72 few
        """,
    ),
    "busy": words(
        """
        busy swamped overloaded overwhelmed understaffed
        """,
        """
        short staffed, very busy, extremely busy, under pressure, short of staff
        """,
    ),
    "negations": words(
        """
        not no never nobody none neither nor without hardly nothing
        """,
    ),
    "pleasantries": words(
        """
        dear hello hi hey greetings thank thanks sorry unfortunately regrettably apologies
        """,
        """
        good morning, good afternoon, good evening
        """,
    ),
}

LISTS: Mapping[str, tuple[str, ...]] = {**_LISTS, "party": (*_LISTS["outsider"], *_LISTS["party"])}
"""The lists: ``party`` is whoever could be blamed, ``outsider`` those of them a customer could be sent to."""
