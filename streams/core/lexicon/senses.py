"""What words mean around a figure, in classes: that people arrive, are asked for, die, train, cost money.

A thesaurus by hand, so that what training learns of one verb holds for its neighbours. `*` ends a stem: every word that
begins so. A word belongs to one class; the longest stem wins. Keys carry no accents.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_SENSES: Final = {
    "arrive": """
        arriv* land landed lands landing reach reached reaches enter entered enters entering came come comes coming
        poured pour rolled roll drove disembark* streamed marched trickled converge* descended alighted docked touched
        llega* llego llegue lleguen arrib* ingres* aterriz* desembarc* entro entra entran entrar* entraron pisaron
        bajaron descend* acudi* acuden viene vienen vinieron vendra* asom*
        """,
    "send": """
        send sends sent sending dispatch* deploy* mobilis* mobiliz* despatch* moved move moving moves shift* rush*
        flown flew fly flies airlift* ship shipped ferried bus bused bussed transfer* redeploy* redirect* divert*
        detach* envi* mand* despleg* desplieg* moviliz* traslad* destin* destac* comision* remit* reparti* distribu*
        asign*
        """,
    "post": """
        station* posted posting duty positioned patrol* guard guarding guarded watch* protect* secur* cordon* camp
        camped billet* quarter* housed sleep* bivouac* serve serves serving served man manned staff staffing occupy*
        occupied hold holds holding held surround* ring ringed line lined control* police policing keep keeps keeping
        patrull* vigil* custodi* resguard* proteg* cuid* acampa* alojad* pernoct* duermen dormi* prest* recorr* ocup*
        cerc* rode* acordon* oper* labor* permane* guarnec* acantonad* emplazad* apostad* montan
        """,
    "join": """
        join* reinforc* bolster* boost* add adds added adding beef* strengthen* augment* swell* increas* raise* raised
        bring brings bringing brought double* doubl* tripl* suma sumar sumara sumaran sumaron sumaban refor* refuer*
        increment* aument* elev* unir* incorpor* agreg* complement* duplic* tripli*
        """,
    "get": """
        receiv* get gets getting got obtain* host hosts hosting welcom* gain gains accommodat* take takes taking
        recib* acog* alberg* obten* obtuv* toca tocan toco tocaron tocaran correspond* contar* dispondr*
        """,
    "ask": """
        ask asks asked asking request* seek seeks sought seeking want wants wanted appeal* plead* demand* beg begged
        urge urged urges urging call calls called petition* need needs needed lobby* pidi* pide pides piden pedi*
        solicit* reclam* exig* ruega* necesit* requier* requir* quier* insist*
        """,
    "promise": """
        promis* pledg* offer* commit* vow vows vowed guarantee* earmark* contribut* lend lends lent lending loan*
        provid* promet* comprom* ofrec* ofrez* aport* presta prestara cedera cedio ceden
        """,
    "order": """
        order* authori* approv* direct* instruct* sanction* allow* greenlight* activat* decree* sign signed assign*
        orden* autoriz* aprob* dispus* dispon* decret* instru* firm* determin* resolv* resolvi* convoc* activ*
        """,
    "plan": """
        plan plans planned planning expect* schedul* prepar* due intend* announc* project* propos* foresee* envisag*
        ready tomorrow soon slated upcoming imminent await* next plane* preve* previst* alist* anunci* contempl*
        program* esper* manana proxim* futur* pretend* ultim*
        """,
    "leave": """
        leave leaves left leaving withdr* depart* pull* quit* go went gone going home return* exit* evacuat* vacat*
        demobili* recall* retreat* packed drawdown pullout pull-out pullback retir* salieron salio salir* sale salen
        salida march* abandon* repleg* repli* regres* retorn* volv* vuelt* fueron fue iran van dejaron dejo desocup*
        desmont* levant* partieron
        """,
    "replace": """
        replac* reliev* rotat* swap* substitut* handover hand handed relief releva* relevo reempl* sustitu* suple*
        supl*
        """,
    "stay": """
        stay* remain* continu* extend* prolong* still linger* maintain* permanec* sigu* segui* mantien* manten*
        prorrog* extien* qued* aun todavia
        """,
    "cancel": """
        cancel* scrap* shelv* abort* block* halt* suspend* revok* rescind* overturn* veto* void* stop* bar barred
        reverse* struck freez* froze suspens* fren* bloque* anul* revoc* desist* descart* desech* archiv* paraliz*
        """,
    "refuse": """
        refus* reject* declin* deny denied denies rule ruled oppos* rebuff* dismiss* unwilling nobody none neither
        rechaz* nego negar negaron negativa niega* desmint* desmient* opus* opon* nadie ningun*
        """,
    "hearsay": """
        rumor* rumour* claim* alleg* reportedly purport* supposed* tabloid facebook whatsapp tiktok hoax fake false*
        viral wrong* mistak* erron* error* corrected correction misread misprint confus* supuest* presunt* bulo* fals*
        mentir* redes circul* equivoc* corrig* correg* rectific* fe
        """,
    "doubt": """
        if would could might may unless perhaps maybe possibl* consider* mull* contemplat* weigh* hypothetic* whether
        scenario podria* pudier* quiza* acaso evalua* analiz* estudia* sopes* hipot*
        """,
    "lack": """
        short shortage lack* shortfall vacan* understaff* enough insufficient only deficit falt* defici* insufic*
        escas* apenas
        """,
    "kill": """
        kill* dead die died dies dying death* murder* homicid* wound* injur* hurt casualt* victim* fatal* bodies
        funeral* corpse* slain massacre* shot muert* muri* muer* asesin* matar* mato herid* fallec* bajas cadaver*
        lesion* desaparec* caidos
        """,
    "arrest": """
        arrest* detain* detention* captur* seiz* jail* charge* indict* convict* suspect* deport* raid* deten* detuv*
        aprehen* encarcel* conden* imput* asegur* incaut* decomis*
        """,
    "crowd": """
        protest* demonstrat* march marchers crowd* fans spectators supporters rioters strikers rally worshippers
        pilgrims voters tourists visitors attend* attended passengers residents inhabitants population people locals
        citizens villagers neighbours migrants refugees manifest* marchant* aficion* espectador* hinchas asistent*
        peregrin* feligres* votant* turist* visitant* pasajer* habitant* poblacion vecin* residentes migrant*
        refugiad* ciudadan* gente personas
        """,
    "rescue": """
        rescu* evacuee* shelter* relocat* displaced survivors stranded medic* doctors nurses firefighter* teachers
        volunteer* paramedic* crews rescat* evacu* damnific* albergue* desplazad* sobreviv* medicos enfermer* bomberos
        brigadist* maestros voluntari* socorrist*
        """,
    "recruit": """
        recruit* train* cadet* academ* graduat* enlist* hire* hiring vacancies applicant* course exam* swear swore
        sworn reclut* entren* capacit* academi* gradu* egres* contrat* plazas aspirant* convocatoria* oposi* examen*
        """,
    "exercise": """
        exercise* drill* parade* manoeuv* maneuv* wargame* simulat* rehears* ceremon* homecoming tattoo commemorat*
        anniversar* memorial ejercicio* desfil* maniobr* simul* ensay* aniversari* conmemor* homenaj*
        """,
    "strength": """
        strength payroll garrison* barrack* headquart* permanent* employ* based base* roster size manpower standing
        comprises totals numbers workforce guarnici* cuartel* planta plantilla sede* permanente* nomina integr*
        compuest* conform*
        """,
    "money": """
        million* billion* dollar* euro* pound* cost* budget* pay paid salar* tax taxes price* fund* financ* percent
        per-cent invest* spend* millon* dolar* peso* costo* cuesta* presupuest* pago pagar paga pagaron salari*
        impuest* precio* fond* ciento invers* gast* soles
        """,
    "thing": """
        vehicle* truck* tank* helicopter* boat* ships aircraft rifle* weapon* drone* camera* buses kilomet* kilometr*
        mile* metre* meter* tonne* tons bed beds tent tents hour* acre* hectare* litre* gallon* room rooms seats
        vehicul* camion* tanque* lanch* barc* avion* fusil* arma armas dron* camara* autobus* metros tonelad* camas
        carpas horas litros cuartos butac* patrullas motos
        """,
    "past": """
        ago earlier previous* former* former formerly once history histor* then decade* last yesteryear during since
        war wartime century remember* hace anterior* antes antigu* entonces decada* pasad* durante desde guerra siglo
        record*
        """,
    "now": """
        now today currently present* already tonight ahora hoy actual* ya presente* anoche
        """,
    "fire": """
        sport* match* game* stadium league cup player* coach squad* champion* ticket* partido* estadio* liga copa
        jugador* entrenador plantel campeon* boleto*
        """,
    "firm": """
        company* compan* startup* start-up* firm firms investor* customer* courier* retailer* branch* store* sales
        client* app software empresa* inversion* tienda* sucursal* ventas repartidor* aplicaci*
        """,
    "share": """
        half third quarter rest remainder remaining others another each respectively total altogether combined overall
        sum them whom mitad tercio tercera resto restant* otros otras cada respectiv* conjunto ellos quienes cuales
        """,
    "body": """
        contingent* column* convoy* battalion* brigad* company platoon* unit units detachment* regiment* task mission
        operation conting* batall* peloton* unidad* destacament* regimient* agrup* grupo mision operativo operacion
        despliegue
        """,
}  # fmt: skip


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    for sense, listed in _SENSES.items():
        for word in listed.split():
            table = stems if word.endswith("*") else whole
            table[word.rstrip("*")] = sense
    return whole, stems


_WHOLE, _STEMS = _tables()
_STEM_MIN: Final = min(map(len, _STEMS))
_STEM_MAX: Final = max(map(len, _STEMS))
_REMEMBERED: Final = 20_000


@lru_cache(maxsize=_REMEMBERED)
def sense_of(key: str) -> str:
    """The class of a word by its key, "" for none."""
    found = _WHOLE.get(key)
    if found is not None:
        return found
    for length in range(min(len(key), _STEM_MAX), _STEM_MIN - 1, -1):
        found = _STEMS.get(key[:length])
        if found is not None:
            return found
    return ""


def senses_of(keys: Iterable[str]) -> list[str]:
    """The classes of these words, each once, in alphabetical order: features must not depend on the order of a set."""
    return sorted({sense_of(key) for key in keys} - {""})
