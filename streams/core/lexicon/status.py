"""Words that tell whether people are to come, are there, are leaving, have left, or never came.

Labels: `planned`, `deployed`, `withdrawn`, `withdrawing`, `cancelled`; `stay` is there whatever the tense; `modal`
makes what follows it future; `leave` is a verb of departure whose tense decides; `denied` says that the figure is not
so; `not` negates the next verb. The weak ones tell only where nothing stronger stands. Keys carry no accents; where
an accent alone tells the tense (envio, llegara) `accented` lists the forms that count.
"""

from __future__ import annotations

from typing import Final, Literal

Label = Literal[
    "planned", "deployed", "withdrawn", "withdrawing", "cancelled", "modal", "leave", "denied", "not", "weak_planned",
    "weak_deployed", "stay",
]  # fmt: skip

_CUES: Final[dict[str, dict[Label, str]]] = {
    "en": {
        "modal": """
            will; would; 'll; shall; may; might; could; is to; are to; was to; were to; to be; set to; due
            to; going to; about to; expected to; plans to; planned to; planning to; ready to; prepared to;
            preparing to; scheduled to; slated to; agreed to; pledged to; vowed to; promised to; wants to;
            ordered to; need to; has to; have to; must; should; can
        """,
        "planned": """
            due; expected; expects; expect; expecting; ordered; orders; ordering; pledged; pledges;
            promised; promises; promise; planned; plans; plan; agreed; committed; approved; authorized;
            authorised; authorizes; authorises; allows; requested; request for; requests; asked for; asking
            for; asks for; has asked; sought; seeks; bound for; headed for; headed to; heading to; heading
            for; en route; on the way; are on their way; is on its way; on their way; on its way; on order;
            being sent; being deployed; being flown; being moved; being mobilized; being brought; being
            rushed; being transferred; being shifted; being called; is
            moving; are moving; is bringing; are bringing; is flying; are flying; is rushing; is lending; are
            lending; is shifting; is transferring; is sending; are sending;
            sending; is deploying; are deploying; deploying; mobilized; mobilised; mobilizes; mobilizing;
            activated; on notice; on standby; standby; earmarked; pencilled in; penciled in; awaits;
            offered; offers; offer; proposed; undertook; undertaken; has vowed; vowed; prepares; preparing;
            preparations; sanctioned; tomorrow; in the coming days; in the coming weeks; next week; next
            month; later this week; are coming; is coming; coming; to come; to receive; to get; to send; to
            deploy; to go; to arrive; to dispatch; to reach; to be sent; to move; to bring; to
            contribute; to fly; destined for; intended for; called up; called for; calls for; called in; put
            down; within days; announced plans; dispatches; gets; going; follow; assigned for;
            on call; join them
        """,
        "weak_planned": """
            to reinforce; to join; deployment of; dispatch of; announced; announces; announcement; sends;
            deploys; to
        """,
        "deployed": """
            arrived; arrives; arriving; landed; landing; reached; deployed; patrolling; patrolled; patrols;
            patrol; posted; stationed; on duty; in place; in position; on the streets; on the ground; on
            guard; sent; moved in; flew in; flown in; flew; airlifted; shipped; went to; gone to;
            reinforced; brought; took up; taken up; already; currently; present; remains; working;
            operating; walking; watching; guarding; there are; there were; has placed; placed;
            spread; fanned out; surrounded; poured into; rolled into; rolled in; entered; set up; serving;
            served; assigned to; carried; ferried; trucked; bused; bussed; drove; transported; checked in;
            dispatched; came down; got down; got; rushed; serve in; are in;
            were in; are at; is in; based in; garrisoned; at work; are out; were out; on hand;
            hold; holding; performing; joined; in the streets; keep watch; controlling; on the
            job; now has; strung out; made up; on patrol; delivered; came; put; moved into; climbed down; stand;
            stands; lent; unloaded; in reserve; sleep; camped; took over; got here; parked; moved; now have;
            stood guard; stand guard; kept watch; keeps watch; mounted guard
        """,
        "weak_deployed": """
            have been; has been; had been; has; have; had; are; were; with; is; was; now; includes;
            including; force of
        """,
        "stay": """
            remain; stay; continue; keep; are staying; still
        """,
        "withdrawn": """
            withdrew; withdrawn; pulled out; pulled back; went home; gone home; recalled; demobilized;
            demobilised; sent home; departed; shifted out; moved out; sent back; taken out;
            taken off; pulled off; removed; stood down
        """,
        "withdrawing": """
            withdrawal; pull-out; pullout; pull out of; drawdown; marching orders; leaving; withdrawing;
            pulling out; to leave; to withdraw; withdraws; to go home; begin to leave; winding down
        """,
        "leave": """
            leave; pull; pulls; pulled; pulling; take; takes; took; taken; left; had left; have left;
            withdraw; withdrawn; pull out; pulled out; depart; go home; return home; be off; sent home; be
            recalled; demobilized; be removed; be pulled; taken out; send home; sends home; bring home; pull
            back; draw down
        """,
        "cancelled": """
            blocked; blocks; called off; calls off; cancelled; canceled; cancels; scrapped; abandoned plans;
            abandoned the plan;
            turned down; declined; refused; rejected; struck out; struck; shelved; turned away; vetoed;
            barred; revoked; rescinded; dropped plans; reversed; dropped; aborted; stood off; halted;
            suspended; said no; ruled out; scuttled; overruled; backed out; pulled the plug; no longer be
            sent; no longer going; reversed course; scraps; halts; suspends
        """,
        "denied": """
            denied; denies; deny; came home; come home; returned home; return home; returning home; back
            home; arrived home; volvieron a casa; rumor; rumors; rumour; rumours; rumored; rumoured; false;
            hoax; fiction; fake; no truth; not true; no such; no basis; unfounded; untrue; dismissed; no
            plans; waved away; laughed off; claimed falsely; baseless; incorrectly; invented;
            disinformation; whether; asks if; asked if; if it's true; claim that; claims that; a claim;
            claimed that; had claimed;
            earlier reports; earlier report; previously reported; earlier version; previous version;
            initially reported; an earlier figure; an earlier claim; an earlier count; an earlier estimate; an earlier
            statement; an earlier story; an earlier tally; an earlier article; initial reports; mistakenly;
            erroneously; corrected
            from
        """,
        "not": """
            not; n't; never; nobody; without; neither; nor; no; none
        """,
    },
    "es": {
        "modal": """
            va a; van a; vayan a; iba a; iban a; debe; deben; deberan; podria; podrian; por enviar; a punto
            de; puede; pueden
        """,
        "planned": """
            se espera; esperan; espera; preve; preven; prevista; previsto; previstos; contempla; contemplan;
            ordeno; ordenaron; ordena; prometio; prometidos; prometieron; comprometio; solicito; solicita;
            solicitaron; pidio; pidieron; pide; autorizo; autorizaron; autoriza; aprobo; en camino; rumbo a;
            con destino a; vienen; vengan; planea; planean; plan; proximos dias; proxima semana; manana;
            acordo; acordaron; alistan; alista; prepara; preparan; enviar; desplegar; movilizar; trasladar;
            mandar; recibir; dispuso; dispone que; instruyo; resolvio; determino; ordeno que; viajan; ofrecio;
            en los proximos; se sumaran; por enviar; movilizo; moviliza;
            movilizan; convoco; destinara; anuncio que; estan por llegar; anuncia
        """,
        "stay": """
            permanecera; permaneceran; seguira; seguiran; continuara; continuaran; mantendra; mantendran; se
            mantienen; siguen; permanecen; permanece
        """,
        "weak_planned": """
            anuncio; reforzar; despliegue de; envio de; llegada de; arribo de; refuerzo de; envia; envian;
            traslado
        """,
        "deployed": """
            ha llegado; han llegado; ha desplegado; han desplegado; ha enviado; han enviado; ha arribado; han arribado;
            ha trasladado; han trasladado; ha entrado; han entrado;
            llegaron; llego; llegan; llega; arribaron; arribo; arriban; arriba; desplego; desplegaron;
            desplegados; desplegado; desplegadas; despliega; despliegan; patrullan; patrulla; hay; operan;
            opera; estan; se encuentran; encuentran; cuenta con; cuentan con; vigilan; vigila; envio;
            enviaron; enviados; enviado; aterrizaron; aterrizo; descendieron; recibio; recibieron; trajo;
            trajeron; instalados; instalaron; suman; mantiene; mantienen; resguardan; resguarda; custodian;
            realizan; concentra; concentran; reforzaron; refuerzan; reforzo; ingresaron; destacados;
            destacamentados; adscritos; ya; participan; participaron; trabajan; distribuidos; repartidos;
            entraron; quedaron; quedo; tienen; tiene; correspondieron; concluyo; concluido; tomaron;
            acudieron; sumaron; integran; recorren; cuidan; se desplegaron; movilizados; actualmente;
            concentrados; bajaron; viajaron; traslado a; trasladaron; presta; prestan; ocupan; sitiaron;
            cercan; cercaron; rodean; pisan; reunen; incorporaron; apoyan; hubo; conserva; conservan; quedan;
            queda; se cuentan; duermen; acampan; movio; presto; se quedaron; llenan; recorre; bajaron; traslado; mando;
            despacho; ingreso; desembarco; desembarcaron; comenzaron a patrullar; empezaron a patrullar; comenzaron a
            vigilar; empezaron a vigilar; comenzaron a recorrer; empezaron a recorrer; comenzaron a operar; se alojan;
            montan guardia; montaron guardia
        """,
        "weak_deployed": """
            con; son; fueron; han; ha; es; era; eran; presencia de; desplegar a
        """,
        "withdrawn": """
            retiro; salio de; salio; retiraron; retirados; retirado; se fueron; salieron de; abandonaron;
            regresaron; replegaron; se replegaron; han salido; se marcharon; retorno; retornaron; volvieron
            a; se van
        """,
        "withdrawing": """
            retirada; retiro de; se iran; repliegue; salida de; retirara; retiraran; dejaran; abandonaran;
            desprendera; saldran; sera retirado; seran retirados; empiezan a salir; comienza a retirarse;
            retirar
        """,
        "leave": """
            retirar; retirara; salir; replegar; replegara
        """,
        "cancelled": """
            descarto enviar; descarto mandar; descarto el envio; descarto desplegar; no recibira; no enviara;
            no enviaran; no mandara;
            cancelo; cancelaron; cancelado; cancelada; suspendio; suspendieron; suspendido; rechazo;
            rechazaron; declino; sin exito; freno; bloqueo; bloquea; marcha atras; dio marcha; no seran
            enviados; no se enviaran; quedo sin efecto; revoco; desistio; anulo; canceladas; sin respuesta
            favorable
        """,
        "denied": """
            desmintio; desmintieron; desmiente; nego; niega; negaron; falso; falsa; falsos; no es cierto;
            rumor; rumores; descarto; descartaron; descarta; sin confirmar; mentira; incorrecta; incorrecto;
            se decia; version previa; primera version; por error; erroneamente; habia informado; se habia
            dicho; no es verdad; inicialmente se; no hay registro; infundado; bulo; asegura que; se rumoreo;
            rumoreo; supuestos; supuesto; circula que; circulo
        """,
        "not": """
            no; nunca; tampoco; ni; sin; ningun; jamas
        """,
    },
}

ACCENTED: Final = {
    "llegó", "envió", "retiró", "anunció", "movilizó", "arribó", "desplegó", "ordenó", "prometió", "solicitó", "pidió",
    "autorizó", "recibió", "reforzó", "rechazó", "canceló", "suspendió", "frenó", "bloqueó", "descartó", "negó",
    "desmintió", "dejó", "aterrizó", "quedó", "acordó", "ofreció", "convocó", "trasladó", "mandó", "despachó",
    "ingresó", "desembarcó",
}  # fmt: skip
"""Spanish pasts whose accent tells them from a noun or a present tense."""

Cue = tuple[tuple[str, ...], Label]


def _by_first_word(table: dict[Label, str]) -> dict[str, tuple[Cue, ...]]:
    cues: dict[str, list[Cue]] = {}
    for label, phrases in table.items():
        for phrase in phrases.split(";"):
            found = tuple(phrase.split())
            cues.setdefault(found[0], []).append((found, label))
    return {word: tuple(sorted(listed, key=lambda cue: -len(cue[0]))) for word, listed in cues.items()}


CUES: Final = {lang: _by_first_word(table) for lang, table in _CUES.items()}
